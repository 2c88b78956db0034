/** The platform's statistics, whose two field names no documentation has kept. Pure. */
import { InvalidResponse, type RecordingStats } from "@callreel/recording"
import { Effect } from "effect"

const sizeName = /size|bytes|volume/i
const countName = /count|number|quantity|total|files|records/i

/**
 * Reads count and total size out of an answer, by what the names say: a size is called size or bytes, the other number is
 * the count. A list of parts (one a month, say) is summed.
 */
export const readStats = (answer: unknown): Effect.Effect<RecordingStats, InvalidResponse> => {
  const parts = (Array.isArray(answer) ? answer : [answer]).map(readPart)
  if (parts.includes(undefined)) {
    return Effect.fail(new InvalidResponse({ path: "", detail: "no count and size of files can be told apart in it" }))
  }
  return Effect.succeed(sumStats(parts.filter((part) => part !== undefined)))
}

/** Adds the figures of windows that follow each other. */
export const sumStats = (parts: ReadonlyArray<RecordingStats>): RecordingStats => ({
  recordings: parts.reduce((sum, part) => sum + part.recordings, 0),
  bytes: parts.reduce((sum, part) => sum + part.bytes, 0)
})

const readPart = (part: unknown): RecordingStats | undefined => {
  if (typeof part !== "object" || part === null) return undefined
  const figures = Object.entries(part).flatMap(([name, value]) => {
    const figure = wholeNumber(value)
    return figure === undefined ? [] : [{ name, figure }]
  })
  const sizes = figures.filter(({ name }) => sizeName.test(name))
  const counts = figures.filter(({ name }) => !sizeName.test(name) && countName.test(name))
  const [bytes, ...otherSizes] = sizes
  const [recordings, ...otherCounts] = counts
  if (bytes === undefined || recordings === undefined || otherSizes.length + otherCounts.length > 0) return undefined
  return { recordings: recordings.figure, bytes: bytes.figure }
}

// A window without any recording has been seen to sum to null in such services.
const wholeNumber = (value: unknown): number | undefined => {
  if (value === null) return 0
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}
