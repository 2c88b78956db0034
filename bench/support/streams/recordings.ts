/** The recordings of the benchmark of streams: two sources, whose calls take turns as they come. */
import type { Recording } from "@callreel/recording"
import { madeUpRecording } from "../madeUpRecording.ts"

const pageSize = 500
const start = Date.parse("2026-01-01T00:00:00Z")

export const window = { from: new Date(start), to: new Date("2027-01-01T00:00:00Z") }

/** What is asked for: four of five calls. */
export const direction = "inbound"

/** A source's pages, oldest first, as a vendor gives them: each when it is asked for; undefined behind the last one. */
export interface Pages {
  readonly name: string
  readonly page: (index: number) => Promise<ReadonlyArray<Recording> | undefined>
}

/** Two sources of half of the recordings each; made at once, so that no time is spent on it later. */
export const makePages = (count: number): readonly [Pages, Pages] => [
  pagesOf("first", count / 2, 37),
  pagesOf("second", count / 2, 23)
]

const pagesOf = (name: string, count: number, step: number): Pages => {
  const pages = Array.from({ length: Math.ceil(count / pageSize) }, (_, page) =>
    Array.from({ length: Math.min(pageSize, count - page * pageSize) }, (__, place) =>
      recordingOf(name, page * pageSize + place, step)
    )
  )
  return { name, page: async (index) => pages[index] }
}

/** A minute apart, but for some seconds. */
const recordingOf = (source: string, index: number, step: number): Recording =>
  madeUpRecording({
    source,
    index,
    startedAt: new Date(start + index * 60_000 + ((index * step) % 60) * 1000),
    direction: index % 5 === 0 ? "outbound" : direction,
    availability: { state: "available" },
    rawValues: 20
  })
