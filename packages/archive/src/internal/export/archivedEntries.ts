import { Stream } from "effect"
import type { Archive } from "../../Archive.ts"
import { ArchiveError } from "../../ArchiveError.ts"
import type { ArchivedFile, Entry, State } from "../../Entry.ts"

/** Which recordings to export. */
export interface ExportQuery {
  /** Default all. */
  readonly sources?: ReadonlyArray<string>
  /** Of calls that began in [from, to). */
  readonly from?: Date
  readonly to?: Date
}

/** The entries of a query in the ledger's order, source by source where sources are named. */
export const entriesOf = (
  { ledger }: Pick<Archive, "ledger">,
  { from, sources, to }: ExportQuery,
  states: ReadonlyArray<State>
): Stream.Stream<Entry, ArchiveError> => {
  const query = { states, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
  return sources === undefined
    ? Stream.flattenIterable(ledger.entries(query))
    : Stream.flatMap(Stream.fromIterable(new Set(sources)), (source) =>
        Stream.flattenIterable(ledger.entries({ ...query, source }))
      )
}

/** An entry whose file is in the archive. */
export interface ArchivedEntry {
  readonly entry: Entry
  readonly file: ArchivedFile
}

/** The entries of a query that have a file. */
export const archivedEntries = (
  archive: Pick<Archive, "ledger">,
  query: ExportQuery
): Stream.Stream<ArchivedEntry, ArchiveError> =>
  Stream.flatMap(entriesOf(archive, query, ["archived"]), (entry) =>
    entry.file === undefined ? Stream.empty : Stream.succeed({ entry, file: entry.file })
  )

/** A file of the archive is not what was archived: the export would not be what it says. */
export const notAsArchived = (
  { id, source }: Entry,
  path: string,
  { actual, expected }: { readonly expected: string; readonly actual: string }
): ArchiveError =>
  new ArchiveError({
    reason: "Destination",
    detail: `the archive's file ${path} of ${source}:${id} is not as it was archived: ${actual} instead of ${expected}`,
    remedy: "run callreel verify --repair, then callreel sync, then export again"
  })
