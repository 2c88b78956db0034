/** The command as a process of its own, with a phone system in memory whose audio never ends and whose list is long. */
import { Effect, Stream } from "effect"
import { runAsProcess } from "../runAsProcess.ts"
import { makeWorld, memoryProviders, recordingAt } from "./memoryProvider.ts"

const world = makeWorld()
for (let index = 0; index < 20_000; index++) {
  world.recordings.push(
    recordingAt("office", String(index), new Date(Date.UTC(2026, 2, 1) + index * 1000).toISOString())
  )
}
world.audioBytes = undefined
world.audio = Stream.concat(Stream.make(new Uint8Array([1, 2, 3])), Stream.fromEffect(Effect.never))

await runAsProcess({ providers: memoryProviders(world) })
