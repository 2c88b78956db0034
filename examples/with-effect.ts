/** A source with Effect: streams, typed reasons, and how urgent and how patient to be. */
import { Lane, MaxWait } from "@callreel/recording"
import { layer, VirtualPbx } from "@callreel/virtual-pbx"
import { Duration, Effect, Stream } from "effect"
import { simulatedPbx } from "./support/simulatedPbx.ts"

const { pbx, settings, window } = await simulatedPbx()

const program = Effect.gen(function* () {
  const office = yield* VirtualPbx

  // Bulk work: waits for the vendor's limits as long as it takes, behind anybody who waits to listen.
  const bytes = yield* office.list({ ...window, order: "oldest-first", limit: 20 }).pipe(
    Stream.mapEffect(
      (recording) =>
        Effect.scoped(
          Effect.flatMap(office.audio(recording), (audio) =>
            Stream.runFold(
              audio.stream,
              () => 0,
              (sum, chunk) => sum + chunk.length
            )
          )
        ).pipe(Effect.catchReason("RecordingError", "Gone", () => Effect.succeed(0))),
      { concurrency: 4 }
    ),
    Stream.runFold(
      () => 0,
      (sum, size) => sum + size
    ),
    Effect.provideService(Lane, "bulk")
  )
  yield* Effect.log(`20 recordings are ${bytes} bytes`)

  // A person waits: at most ten seconds for a limit, then a clear error.
  const check = yield* office.check().pipe(Effect.provideService(MaxWait, Duration.seconds(10)))
  yield* Effect.log(`account ${check.account}`)
})

await Effect.runPromise(Effect.provide(program, layer(settings)))
await pbx.close()
