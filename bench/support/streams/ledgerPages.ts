/** What both ways write into the ledger: pages of what was listed, with a checkpoint behind each. */
import type { Ledger } from "@callreel/archive"
import { Recording, startOf } from "@callreel/recording"

/** Recordings of one transaction, as of a sync. */
export const groupSize = 500

type Found = Parameters<Ledger["list"]>[0][number]

const foundOf = (recording: Recording): Found => {
  const startedAt = startOf(recording)
  return {
    source: recording.source,
    id: recording.id,
    availability: recording.availability,
    recording: JSON.stringify(Recording.encode(recording)),
    ...(startedAt && { startedAt })
  }
}

/** Writes one page, behind so many recordings. */
export const writePage = (ledger: Ledger, page: ReadonlyArray<Recording>, behind: number): ReturnType<Ledger["list"]> =>
  ledger.list(page.map(foundOf), {
    source: "first",
    checkpoint: { provider: "generated", version: 1, state: behind + page.length }
  })
