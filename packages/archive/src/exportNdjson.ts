import { Recording } from "@callreel/recording"
import { Effect, Stream } from "effect"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
import { type Entry, states } from "./Entry.ts"
import { entriesOf, type ExportQuery } from "./internal/export/archivedEntries.ts"
import { recordingOf } from "./internal/found.ts"

/** Which recordings to list. */
export interface NdjsonOptions extends Pick<Archive, "ledger">, ExportQuery {}

/**
 * Every recording that the archive knows as one line of JSON, in the ledger's order: the Recording, with what the archive
 * has of it under `archive`. Erased ones are left out. Lines end with a line feed.
 */
export const exportNdjson = (options: NdjsonOptions): Stream.Stream<string, ArchiveError> =>
  entriesOf(
    options,
    options,
    states.filter((state) => state !== "erased")
  ).pipe(Stream.mapEffect(lineOf))

const lineOf = (entry: Entry): Effect.Effect<string, ArchiveError> =>
  Effect.map(
    recordingOf(entry),
    (recording) => `${JSON.stringify({ ...Recording.encode(recording), archive: factsOf(entry) })}\n`
  )

/** Instants become ISO 8601 text in UTC, and what is unknown is left out. */
const factsOf = ({ attempts, file, heldFor, reason, retryAt, state, suspect }: Entry) => ({
  state,
  reason,
  retryAt,
  ...(state !== "archived" && { attempts }),
  ...file,
  suspect,
  heldFor
})
