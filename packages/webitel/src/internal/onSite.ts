/** The history from the server's own database, in place of the API's (docs/vendors/webitel.md#database). */
import { InvalidResponse, type Reason } from "@callreel/recording"
import { Duration, Effect, Scope } from "effect"
import { statementTimeoutOf, type WebitelOptions } from "../WebitelOptions.ts"
import type { Api } from "./api.ts"

/**
 * The same requests with the history read on site, where the option `database` says so. The domain is the token's, so that
 * nobody reads more than the API would show; the database is connected to with the first question.
 */
export const withDatabase = (
  api: Api,
  options: WebitelOptions,
  domain: Effect.Effect<string, Reason>
): Effect.Effect<Api, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { database } = options
    if (database === undefined) return api
    const scope = yield* Effect.scope
    const connect = Effect.gen(function* () {
      // A large library, for those who use it.
      const { databaseHistory } = yield* Effect.promise(() => import("./database.ts"))
      const statementTimeout = statementTimeoutOf(options)
      const id = yield* domain
      if (id === "") return yield* new InvalidResponse({ path: "dc", detail: "the token tells no domain" })
      const connecting = databaseHistory({
        url: database.url,
        domain: id,
        ...(statementTimeout && { statementTimeout })
      })
      return yield* Scope.provide(connecting, scope)
    })
    // What could not be connected is tried again by the next question.
    const [connected, forget] = yield* Effect.cachedInvalidateWithTTL(connect, Duration.infinity)
    const history: Api["history"] = (query) =>
      connected.pipe(
        Effect.tapError(() => forget),
        Effect.flatMap((opened) => opened.history(query))
      )
    return { ...api, history }
  })
