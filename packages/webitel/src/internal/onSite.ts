/** What the server's own database knows, in place of the API's answers (docs/vendors/webitel.md#database). */
import { InvalidResponse, type Reason } from "@callreel/recording"
import { remembered } from "@callreel/transport"
import { Effect, Scope } from "effect"
import { includesTranscripts, statementTimeoutOf, type WebitelOptions } from "../WebitelOptions.ts"
import type { Database } from "./database.ts"

/**
 * The history and the register of files as the database has them; undefined without the option `database`. The domain is
 * the token's, so that nobody reads more than the API would show; the database is connected to with the first question.
 */
export const onSite = (
  options: WebitelOptions,
  domain: Effect.Effect<string, Reason>
): Effect.Effect<Database | undefined, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { database } = options
    if (database === undefined) return undefined
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
        transcripts: includesTranscripts(options),
        ...(statementTimeout && { statementTimeout })
      })
      return yield* Scope.provide(connecting, scope)
    })
    const connected = remembered(connect)
    return {
      history: (query) => Effect.flatMap(connected.get, (opened) => opened.history(query)),
      storedFile: (fileId) => Effect.flatMap(connected.get, (opened) => opened.storedFile(fileId))
    }
  })
