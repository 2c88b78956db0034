import { Lane, type LaneName } from "@callreel/recording"
import { make } from "@callreel/ringcentral"
import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import type { Client } from "./Client.ts"

/** Our adapter as its README says; in the lane of the caller's choice, else in that of each operation. */
export const callreel =
  (lane?: LaneName): Client =>
  ({ account: { dateFrom, dateTo, ...credentials }, atOnce, failed, fetched }) =>
    Effect.gen(function* () {
      const source = yield* make({ name: "us", ...credentials })
      const window = { from: new Date(dateFrom), to: new Date(dateTo) }
      const recordings = yield* Stream.runCollect(source.list(window))
      yield* Effect.forEach(
        recordings,
        (recording) =>
          source.audio(recording).pipe(
            Effect.flatMap(({ stream }) =>
              Stream.runFold(
                stream,
                () => createHash("sha512"),
                (hash, bytes) => hash.update(bytes)
              )
            ),
            Effect.scoped,
            Effect.match({
              onFailure: ({ reason }) => failed(reason._tag),
              onSuccess: (hash) => fetched(recording.id, hash.digest("hex"))
            })
          ),
        { concurrency: atOnce, discard: true }
      )
    }).pipe(Effect.scoped, Effect.provideService(Lane, lane), Effect.runPromise)
