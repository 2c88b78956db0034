/** The recordings of the benchmark of the ledger, and what becomes of each; made of numbers, the same for everybody. */
import { indexOf, madeUpRecording } from "../madeUpRecording.ts"

/** Recordings of a page that is listed; of one that is due; and how many are worked on at once, as in a sync. */
export const pageSize = 500
export const dueSize = 100
export const atOnce = 32

export const source = "generated"

/** Later than every instant. */
export const endOfTime = new Date(8.64e15)

const start = Date.parse("2026-01-01T00:00:00Z")

/** What a source lists of a recording. */
export interface Listed {
  readonly source: string
  readonly id: string
  readonly startedAt: Date
  readonly expiresAt: Date
  readonly availability: { readonly state: "available" }
  /** JSON of some 900 bytes, as of a call that is listed with all its parts. */
  readonly recording: string
}

export const listedOf = (index: number): Listed => {
  const startedAt = new Date(start + index * 60_000)
  const direction = index % 2 === 0 ? "inbound" : "outbound"
  const availability = { state: "available" } as const
  const recording = madeUpRecording({ source, index, startedAt, direction, availability, rawValues: 40 })
  return {
    source,
    id: recording.id,
    startedAt,
    expiresAt: new Date(startedAt.getTime() + 90 * 86_400_000),
    availability,
    recording: JSON.stringify(recording)
  }
}

/** Pages of what is listed. */
export const pages = function* (count: number): Generator<ReadonlyArray<Listed>> {
  for (let from = 0; from < count; from += pageSize) {
    yield Array.from({ length: Math.min(pageSize, count - from) }, (_, place) => listedOf(from + place))
  }
}

/** What the first try leads to: one of twenty is not there, one fails. */
export const fateOf = (id: string): "archived" | "unavailable" | "failed" => {
  const place = indexOf(id) % 20
  if (place === 7) return "unavailable"
  return place === 13 ? "failed" : "archived"
}

/** The recordings that are erased in the end: one of twenty. */
export const erasedIds = function* (count: number): Generator<string> {
  for (let index = 3; index < count; index += 20) yield String(1_000_000_000 + index)
}

/** The file of a recording. */
export const fileOf = (id: string) => ({
  path: `${source}/2026/01/01/${id}.mp3`,
  bytes: 200_000 + (indexOf(id) % 1000),
  sha512: id.padStart(128, "0"),
  mediaType: "audio/mpeg",
  durationSeconds: 85.25,
  codec: "MPEG 1 Layer 3",
  channels: 1,
  bitrate: 32_000,
  archivedAt: new Date(start)
})

export const failedAt = new Date(start)

/** How many there are of each state in the end. */
export interface Ending {
  readonly archived: number
  readonly unavailable: number
  readonly pending: number
  readonly failed: number
  readonly erased: number
}
