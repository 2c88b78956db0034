import { Duration, Effect, Stream } from "effect"
import { appendFileSync } from "node:fs"
import { makeWorld, recordingAt, type World } from "./memoryProvider.ts"

/** How many recordings a {@link slowWorld} has: 20 of the office, 10 of the us, an hour apart. */
export const slowWorldSize = 30

/**
 * Phone systems whose audio comes in two parts, a tenth of a second apart. Each fetch of audio adds the recording's id, on
 * a line, to the log.
 */
export const slowWorld = (log: string): World => {
  const world = makeWorld()
  for (let index = 0; index < slowWorldSize; index++) {
    const source = index % 3 === 0 ? "us" : "office"
    const id = `${source}-${index}`
    world.recordings.push(recordingAt(source, id, new Date(Date.UTC(2026, 2, 1, index)).toISOString()))
    const begin = Effect.sync(() => {
      appendFileSync(log, `${id}\n`)
      return new TextEncoder().encode(`first part of ${id}, `)
    })
    const end = Effect.as(Effect.sleep(Duration.millis(100)), new TextEncoder().encode(`second part of ${id}`))
    world.audioOf.set(id, Stream.concat(Stream.fromEffect(begin), Stream.fromEffect(end)))
  }
  return world
}
