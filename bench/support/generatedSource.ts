import { type ChangePage, defineSource, NotFound, type Recording, type RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import { listedCapability } from "./listedSource.ts"

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

const recordingOf = (index: number): Recording => {
  const startedAt = new Date(start + index * 60_000)
  const endedAt = new Date(startedAt.getTime() + 90_000)
  const id = String(1_000_000_000 + index)
  return {
    source: "generated",
    provider: "generated",
    account: "1",
    id,
    call: {
      id: `call-${id}`,
      legIds: [`leg-${id}`],
      direction: index % 2 === 0 ? "inbound" : "outbound",
      outcome: "answered",
      startedAt,
      endedAt,
      durationSeconds: 90,
      from: { number: `+1415555${String(index % 10_000).padStart(4, "0")}`, name: "Generated Caller" },
      to: { number: "+16505550100", name: "Generated Agent", extension: { id: "7", number: "107" } },
      queue: { id: "3", name: "Sales" }
    },
    kind: "automatic",
    startedAt,
    durationSeconds: 85,
    audio: { mediaType: "audio/mpeg", bytes: 200_000 + (index % 1000), filename: `${id}.mp3` },
    availability: { state: "unavailable", reason: "expired" },
    raw: { id, made: "for a benchmark", values: Array.from({ length: 20 }, (_, place) => index + place) }
  }
}
