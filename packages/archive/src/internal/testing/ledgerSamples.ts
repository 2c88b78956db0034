/** What tests of the ledger share: entries and listings, made of numbers, so that any many are easily had. */
import type { ArchivedFile, Entry } from "../../Entry.ts"
import type { Found } from "../state.ts"

/** The first sample's call began here; each next one's an hour later. */
export const firstStart = new Date("2026-01-01T00:00:00Z")

const hour = 60 * 60 * 1000

/** The start of a sample's call. */
export const startOfSample = (number: number): Date => new Date(firstStart.getTime() + number * hour)

/** The id of a sample: in the order of numbers. */
export const idOfSample = (number: number): string => `rec-${String(number).padStart(6, "0")}`

/** What a source lists of a sample. */
export const sampleFound = (number: number, more: Partial<Found> = {}): Found => ({
  source: "us",
  id: idOfSample(number),
  startedAt: startOfSample(number),
  availability: { state: "available" },
  recording: JSON.stringify({ id: idOfSample(number), number }),
  ...more
})

/** A sample that is to be fetched. */
export const sampleEntry = (number: number, more: Partial<Entry> = {}): Entry => ({
  source: "us",
  id: idOfSample(number),
  state: "pending",
  attempts: 0,
  retryAt: firstStart,
  startedAt: startOfSample(number),
  recording: JSON.stringify({ id: idOfSample(number), number }),
  ...more
})

/** The file of a sample. */
export const sampleFile = (number: number, more: Partial<ArchivedFile> = {}): ArchivedFile => ({
  path: `us/${idOfSample(number)}.mp3`,
  bytes: 1000 + number,
  sha512: number.toString(16).padStart(128, "0"),
  mediaType: "audio/mpeg",
  archivedAt: firstStart,
  ...more
})

/** A sample that is archived. */
export const sampleArchived = (number: number, more: Partial<Entry> = {}): Entry => {
  const { retryAt: _, ...entry } = sampleEntry(number)
  return { ...entry, state: "archived", file: sampleFile(number), ...more }
}

/** Recordings of one page of those that ledgerChild.ts lists. */
export const pageOfChild = 300
