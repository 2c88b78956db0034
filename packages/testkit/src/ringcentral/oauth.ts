/** Sessions and tokens: `POST /restapi/oauth/token` and `/restapi/oauth/revoke`. */
import { type Answer, emptyAnswer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import type { AppUser } from "./apps.ts"
import { invalidHeader, missingHeader, oauthError, tokenRefused } from "./errors.ts"
import type { Settings } from "./settings.ts"

export interface Tokens {
  /** Access tokens given so far. */
  readonly minted: number
  readonly evicted: number
  /** Who asks for or revokes a token, for the limits; the client's id where it is no app of the account. */
  readonly ownerOf: (request: SimulatorRequest) => string
  readonly mint: (request: SimulatorRequest) => Answer
  readonly revoke: (request: SimulatorRequest) => Answer
  /** The app behind a request, whose token is thereby used once, or the refusal. */
  readonly use: (authorization: string | undefined) => AppUser | Answer
  /** Whether the token has been used often enough that forgetting it is no endless loop for its owner. */
  readonly isWorn: (authorization: string | undefined) => boolean
  readonly forget: (authorization: string | undefined) => void
  readonly forgetAll: () => void
}

// Requests in flight with a forgotten token are refused too. If the next token could be forgotten before they are
// repeated, a client that renews once for each request would fail without any fault of its own.
const wornAfter = 40

// A refresh token may be used again for so long after its successor was used, or while that is not.
const graceAfterUse = 10_000
const graceUnused = 60 * 60_000

const [shortestTtl, longestTtl] = [600, 3600]
const [defaultRefreshTtl, longestRefreshTtl] = [604_800, 2_592_000]

interface Session {
  readonly app: AppUser
  readonly id: string
  readonly number: number
  accessToken: string
  expiresAt: number
  uses: number
  firstUsedAt: number | undefined
}

interface RefreshToken {
  readonly session: Session
  readonly expiresAt: number
  usedAt: number | undefined
}

const jwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

const basicOf = (authorization: string | undefined): readonly [string, string] => {
  const encoded = /^Basic (\S+)$/i.exec(authorization ?? "")?.[1] ?? ""
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString("utf8").split(/:(.*)/s)
  return [id, secret]
}

const bearerOf = (authorization: string | undefined): string => /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1] ?? ""

const isForm = ({ headers }: SimulatorRequest): boolean =>
  (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")

/** The lifetime in seconds that a form asks for; undefined where it is not allowed. */
const ttlOf = (form: URLSearchParams, name: string, limits: readonly [number, number], otherwise: number) => {
  const text = form.get(name)
  if (text === null) return otherwise
  const [least, most] = limits
  return /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined
}

/** The token resources with their memory. */
export const makeTokens = (settings: Settings, clock: SimulatorClock): Tokens => {
  const apps = Object.values(settings.apps)
  const names = settings.random.fork("tokens")
  const sessions = new Map<string, Session>()
  const refreshTokens = new Map<string, RefreshToken>()
  let minted = 0
  let begun = 0
  let evicted = 0
  const now = (): number => clock.now().getTime()

  const end = (session: Session): void => {
    sessions.delete(session.accessToken)
    for (const [token, refresh] of refreshTokens) if (refresh.session === session) refreshTokens.delete(token)
  }

  const sessionsOf = (app: AppUser): ReadonlyArray<Session> =>
    [...sessions.values()].filter(
      (session) => session.app === app && (settings.refreshTokens || now() < session.expiresAt)
    )

  const begin = (app: AppUser): Session => {
    const open = sessionsOf(app).toSorted((left, right) => left.number - right.number)
    for (const oldest of open.slice(0, Math.max(0, open.length + 1 - settings.sessionsCap))) {
      end(oldest)
      evicted += 1
    }
    begun += 1
    const id = names.fork(`session ${begun}`).hex(22)
    return { app, id, number: begun, accessToken: "", expiresAt: 0, uses: 0, firstUsedAt: undefined }
  }

  const grant = (session: Session, ttl: number, refreshTtl: number): Answer => {
    minted += 1
    const expiresIn = Math.min(ttl, settings.tokenSeconds)
    sessions.delete(session.accessToken)
    session.accessToken = `U1${names.fork(minted).hex(48)}`
    session.expiresAt = now() + expiresIn * 1000
    session.uses = 0
    session.firstUsedAt = undefined
    sessions.set(session.accessToken, session)
    const refresh = settings.refreshTokens ? `U2${names.fork(`refresh ${minted}`).hex(48)}` : undefined
    if (refresh !== undefined) {
      refreshTokens.set(refresh, { session, expiresAt: now() + refreshTtl * 1000, usedAt: undefined })
    }
    return jsonAnswer(200, {
      access_token: session.accessToken,
      token_type: "bearer",
      expires_in: expiresIn,
      ...(refresh === undefined ? {} : { refresh_token: refresh, refresh_token_expires_in: refreshTtl }),
      scope: [...session.app.scopes].join(" "),
      owner_id: session.app.extension.id,
      endpoint_id: names.fork(`endpoint ${session.id}`).hex(22),
      session_id: session.id
    })
  }

  const byJwt = (app: AppUser, form: URLSearchParams, ttl: number, refreshTtl: number): Answer => {
    const assertion = form.get("assertion")
    if (assertion === null || assertion === "") {
      return oauthError(400, "invalid_request", "OAU-101", "Parameter [assertion] is required", "assertion")
    }
    if (assertion !== app.jwt) return oauthError(400, "invalid_grant", "OAU-140", "Assertion is invalid", "assertion")
    if (app.locked) return oauthError(400, "invalid_grant", "OAU-147", "Account is locked out")
    return grant(begin(app), ttl, refreshTtl)
  }

  const byRefreshToken = (app: AppUser, form: URLSearchParams, ttl: number, refreshTtl: number): Answer => {
    if (!settings.refreshTokens) {
      return oauthError(400, "unauthorized_client", "OAU-101", "The application may not use refresh tokens")
    }
    const refresh = refreshTokens.get(form.get("refresh_token") ?? "")
    const at = now()
    const replayed = refresh?.usedAt
    const used = refresh?.session.firstUsedAt
    const inGrace =
      replayed === undefined || (used === undefined ? at < replayed + graceUnused : at < used + graceAfterUse)
    if (refresh === undefined || refresh.session.app !== app || at >= refresh.expiresAt || !inGrace) {
      return oauthError(400, "invalid_grant", "OAU-213", "Token not found", "refresh_token")
    }
    refresh.usedAt ??= at
    return grant(refresh.session, ttl, refreshTtl)
  }

  const clientOf = (request: SimulatorRequest): AppUser | Answer => {
    const { authorization } = request.headers
    const [id, secret] = basicOf(authorization)
    if (authorization !== undefined && id === "") {
      return oauthError(401, "invalid_client", "OAU-120", "Invalid Authorization header")
    }
    const app = apps.find(({ clientId }) => clientId === id)
    if (app === undefined || app.clientSecret !== secret) {
      return oauthError(401, "invalid_client", "OAU-120", "Invalid client credentials")
    }
    return app
  }

  return {
    get minted() {
      return minted
    },
    get evicted() {
      return evicted
    },
    ownerOf: ({ headers }) => basicOf(headers.authorization)[0],
    mint: (request) => {
      if (!isForm(request)) return emptyAnswer(415)
      const app = clientOf(request)
      if ("body" in app) return app
      const form = new URLSearchParams(request.body)
      const ttl = ttlOf(form, "access_token_ttl", [shortestTtl, longestTtl], longestTtl)
      const refreshTtl = ttlOf(form, "refresh_token_ttl", [0, longestRefreshTtl], defaultRefreshTtl)
      if (ttl === undefined || refreshTtl === undefined) {
        const name = ttl === undefined ? "access_token_ttl" : "refresh_token_ttl"
        return oauthError(400, "invalid_request", "OAU-101", `Parameter [${name}] value is invalid`, name)
      }
      switch (form.get("grant_type")) {
        case jwtGrant:
          return byJwt(app, form, ttl, refreshTtl)
        case "refresh_token":
          return byRefreshToken(app, form, ttl, refreshTtl)
        default:
          return oauthError(400, "unsupported_grant_type", "OAU-101", "Unsupported grant type", "grant_type")
      }
    },
    revoke: (request) => {
      const app = clientOf(request)
      if ("body" in app) return app
      const token = new URLSearchParams(request.body).get("token") ?? request.query.get("token")
      if (token === null) return oauthError(400, "invalid_request", "OAU-101", "Parameter [token] is required", "token")
      const session = sessions.get(token) ?? refreshTokens.get(token)?.session
      if (session !== undefined && session.app === app) end(session)
      return emptyAnswer(200)
    },
    use: (authorization) => {
      if (authorization === undefined) return missingHeader()
      const token = bearerOf(authorization)
      if (token === "") return invalidHeader()
      if (!/^U1[0-9a-f]{48}$/.test(token)) return tokenRefused("OAU-149")
      const session = sessions.get(token)
      if (session === undefined) return tokenRefused("OAU-213")
      if (now() >= session.expiresAt) return tokenRefused("OAU-128")
      session.uses += 1
      session.firstUsedAt ??= now()
      return session.app
    },
    isWorn: (authorization) => (sessions.get(bearerOf(authorization))?.uses ?? 0) >= wornAfter,
    forget: (authorization) => {
      const session = sessions.get(bearerOf(authorization))
      if (session !== undefined) end(session)
    },
    forgetAll: () => {
      sessions.clear()
      refreshTokens.clear()
    }
  }
}
