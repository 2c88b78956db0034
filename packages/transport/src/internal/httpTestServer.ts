/** What the tests of this package share: a real server on loopback, a gate that keeps a diary, a vendor's `classify`. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import {
  Forbidden,
  NotFound,
  RateLimited,
  RetryLimits,
  Unauthorized,
  Unavailable,
  type Reason
} from "@callreel/recording"
import { Duration, Effect, Redacted, type Scope } from "effect"
import type { RateGate } from "../RateGate.ts"
import type { TokenHolder } from "../TokenHolder.ts"
import type { ErrorResponse } from "./httpContract.ts"

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server on loopback that lives as long as the scope. */
export interface TestServer {
  readonly origin: string
  readonly requests: ReadonlyArray<SeenRequest>
  /** Sockets opened and closed so far. */
  readonly sockets: { readonly opened: number; readonly closed: number }
}

export type Handler = (
  request: SeenRequest,
  response: ServerResponse,
  /** 1 for the first request. */
  count: number
) => void

const readBody = async (request: IncomingMessage): Promise<string> => {
  const parts: Array<string> = []
  for await (const part of request.setEncoding("utf8")) parts.push(String(part))
  return parts.join("")
}

export const serve = (handler: Handler): Effect.Effect<TestServer, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<TestServer & { readonly stop: () => void }>((resume) => {
      const requests: Array<SeenRequest> = []
      const sockets = { opened: 0, closed: 0 }
      const server = createServer((incoming, response) => {
        // A connection that a test tears down is no failure of the server.
        response.on("error", () => undefined)
        const answer = async (): Promise<void> => {
          const { method = "", url = "", headers } = incoming
          const request = { method, url, headers, body: await readBody(incoming) }
          requests.push(request)
          handler(request, response, requests.length)
        }
        answer().catch(() => response.destroy())
      })
      server.on("connection", (socket) => {
        sockets.opened++
        socket.on("close", () => sockets.closed++)
        socket.on("error", () => undefined)
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        const stop = (): void => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ origin: `http://127.0.0.1:${port}`, requests, sockets, stop }))
      })
    }),
    (server) => Effect.sync(server.stop)
  )

/** Waits until the condition holds, at most two seconds. */
export const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.sleep(5).pipe(Effect.repeat({ until: condition, times: 400 }), Effect.asVoid)

/** A gate that lets everything through at once and writes down what it was told. */
export const openGate = () => {
  const diary: Array<string> = []
  let inside = 0
  const gate: RateGate = {
    run: (group, request) =>
      Effect.suspend(() => {
        diary.push(`run ${group}`)
        inside++
        return Effect.ensuring(
          request,
          Effect.sync(() => inside--)
        )
      }),
    observe: (group, { remaining }) => Effect.sync(() => diary.push(`observe ${group} ${remaining}`)),
    penalize: (group, retryAfter) =>
      Effect.sync(() => diary.push(`penalize ${group} ${Duration.toSeconds(retryAfter)}`)),
    limits: Effect.succeed([])
  }
  return { gate, diary, held: () => inside }
}

/** A holder of tokens `<prefix>1`, `<prefix>2`, …: a new one for every renewal. */
export const countingTokens = (prefix = "token-"): TokenHolder & { readonly renewals: () => number } => {
  let count = 1
  const current = () => Redacted.make(`${prefix}${count}`)
  return {
    current: Effect.sync(current),
    renew: () =>
      Effect.sync(() => {
        count++
        return current()
      }),
    renewals: () => count - 1
  }
}

/** How a careful adapter classifies: by status, saying nothing of what the answer says. */
export const classify = ({ status, headers }: ErrorResponse): Reason => {
  switch (status) {
    case 401:
      return new Unauthorized({ detail: "the token was refused" })
    case 403:
      return new Forbidden({ detail: "this is not permitted" })
    case 404:
      return new NotFound({ what: "the recording" })
    case 429:
      return new RateLimited({ retryAfter: Duration.seconds(Number(headers.get("retry-after") ?? 1)) })
    default:
      return new Unavailable({ detail: `the server answered ${status}`, status })
  }
}

/** Few attempts, for tests that run in real time. */
export const attempts = (count: number) =>
  Effect.provideService(RetryLimits, { attempts: count, within: Duration.seconds(20) })
