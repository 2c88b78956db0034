import {
  type Audio,
  defineSource,
  NotFound,
  type Reason,
  type Recording,
  type RecordingSource
} from "@callreel/recording"
import { Effect, type Scope, Stream } from "effect"
import { listedCapability } from "../listedSource.ts"

const pageSize = 500
const start = Date.parse("2026-01-01T00:00:00Z")

/** A source of files behind a server: it lists them at once, and their audio comes from there. */
export const servedSource = (
  names: ReadonlyArray<string>,
  bytes: number,
  audio: (name: string) => Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
): RecordingSource => {
  const notThere = Effect.fail(new NotFound({ what: "the recording" }))
  const recordings = names.map((id, index): Recording => {
    const startedAt = new Date(start + index * 60_000)
    return {
      source: "served",
      provider: "served",
      account: "1",
      id,
      call: { id, direction: "inbound", outcome: "answered", startedAt },
      kind: "automatic",
      audio: { mediaType: "audio/mpeg", bytes },
      availability: { state: "available" },
      raw: { id }
    }
  })
  return defineSource({
    name: "served",
    provider: "served",
    capability: { ...listedCapability, hasDuration: false, hasQueue: false },
    list: () => Stream.fromIterable(recordings).pipe(Stream.rechunk(pageSize)),
    changes: () =>
      Stream.succeed({ recordings, checkpoint: { provider: "served", version: 1, state: recordings.length } }),
    get: () => notThere,
    find: () => notThere,
    audio: ({ id }) => audio(id),
    check: Effect.succeed({ permissions: [], limits: [] })
  })
}
