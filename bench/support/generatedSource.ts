import { type ChangePage, defineSource, NotFound, type Recording, type RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import { listedCapability } from "./listedSource.ts"
import { madeUpRecording } from "./madeUpRecording.ts"

const pageSize = 500
const start = Date.parse("2024-01-01T00:00:00Z")

/** A source of so many recordings, a minute apart, none of which has audio; made when they are asked for. */
export const generatedSource = (count: number): RecordingSource => {
  const notThere = Effect.fail(new NotFound({ what: "the recording" }))
  const page = (from: number): ChangePage => ({
    recordings: Array.from({ length: Math.min(pageSize, count - from) }, (_, index) => recordingOf(from + index)),
    checkpoint: { provider: "generated", version: 1, state: Math.min(count, from + pageSize) }
  })
  return defineSource({
    name: "generated",
    provider: "generated",
    capability: listedCapability,
    list: () => Stream.empty,
    changes: (after) =>
      Stream.unfold(Number(after?.state ?? 0), (from) =>
        Effect.succeed(from >= count ? undefined : ([page(from), from + pageSize] as const))
      ),
    get: () => notThere,
    find: () => notThere,
    audio: () => notThere,
    check: Effect.succeed({ permissions: [], limits: [] })
  })
}

const recordingOf = (index: number): Recording =>
  madeUpRecording({
    source: "generated",
    index,
    startedAt: new Date(start + index * 60_000),
    direction: index % 2 === 0 ? "inbound" : "outbound",
    availability: { state: "unavailable", reason: "expired" },
    rawValues: 20
  })
