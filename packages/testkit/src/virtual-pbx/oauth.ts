/** Tokens: `POST /oauth/token` with client credentials. There are no refresh tokens. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import type { Settings } from "./settings.ts"
import type { PbxApp } from "./VirtualPbxOptions.ts"

export interface Tokens {
  /** Tokens given so far. */
  readonly minted: number
  readonly mint: (request: SimulatorRequest) => Answer
  /** The app behind a request's token, which is thereby used once; undefined where the token is not good. */
  readonly use: (authorization: string | undefined) => PbxApp | undefined
  /** Whether the token has been used often enough that forgetting it is no endless loop for its owner. */
  readonly isWorn: (authorization: string | undefined) => boolean
  readonly forget: (authorization: string | undefined) => void
  readonly forgetAll: () => void
}

// Requests in flight with a forgotten token are refused too. If the next token could be forgotten before they are
// repeated, a client that renews once for each request would fail without any fault of its own.
const wornAfter = 40

const refused = (status: number, error: string, description: string): Answer =>
  jsonAnswer(status, { error, error_description: description })

const tokenOf = (authorization: string | undefined): string => /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1] ?? ""

/** The token endpoint with its memory. */
export const makeTokens = (settings: Settings, clock: SimulatorClock): Tokens => {
  const tokens = new Map<string, { readonly app: PbxApp; readonly expiresAt: number; uses: number }>()
  const apps = Object.values(settings.apps)
  const names = settings.random.fork("tokens")
  let minted = 0
  const now = (): number => clock.now().getTime()
  return {
    get minted() {
      return minted
    },
    mint: ({ body, headers }) => {
      const type = headers["content-type"] ?? ""
      if (!type.startsWith("application/x-www-form-urlencoded")) {
        return refused(400, "invalid_request", "the body must be a form")
      }
      const form = new URLSearchParams(body)
      if (form.get("grant_type") !== "client_credentials") {
        return refused(400, "unsupported_grant_type", "this application uses client_credentials")
      }
      const app = apps.find(({ clientId }) => clientId === form.get("client_id"))
      if (app === undefined || app.clientSecret !== form.get("client_secret")) {
        return refused(401, "invalid_client", "client authentication failed")
      }
      minted += 1
      const token = names.fork(minted).hex(32)
      tokens.set(token, { app, expiresAt: now() + settings.tokenSeconds * 1000, uses: 0 })
      return jsonAnswer(200, {
        access_token: token,
        token_type: "Bearer",
        ...(settings.tellsExpiry ? { expires_in: settings.tokenSeconds } : {})
      })
    },
    use: (authorization) => {
      const token = tokens.get(tokenOf(authorization))
      if (token === undefined || now() >= token.expiresAt) return undefined
      token.uses += 1
      return token.app
    },
    isWorn: (authorization) => (tokens.get(tokenOf(authorization))?.uses ?? 0) >= wornAfter,
    forget: (authorization) => {
      tokens.delete(tokenOf(authorization))
    },
    forgetAll: () => tokens.clear()
  }
}
