/** Entries as rows of the ledger, and back. Pure. */
import type { ArchivedFile, Entry, State } from "../../Entry.ts"
import { dateOf, type ReadNumber, unknownInstant } from "./columns.ts"
import { storedText, textOf } from "./text.ts"

/** A row as it is written. */
export type Row = {
  readonly source: string
  readonly id: string
  readonly state: State
  readonly reason: string | null
  readonly attempts: number
  readonly retry_at: number | null
  readonly started_at: number
  readonly expires_at: number
  readonly recording: string | null
  readonly path: string | null
  readonly bytes: number | null
  readonly sha512: string | null
  readonly media_type: string | null
  readonly duration_seconds: number | null
  readonly codec: string | null
  readonly channels: number | null
  readonly bitrate: number | null
  readonly archived_at: number | null
  readonly verified_at: number | null
  readonly suspect: string | null
  readonly held_for: string | null
  readonly erased_for: string | null
}

/** The columns of a row, its key first. */
export const rowColumns = [
  "source",
  "id",
  "state",
  "reason",
  "attempts",
  "retry_at",
  "started_at",
  "expires_at",
  "recording",
  "path",
  "bytes",
  "sha512",
  "media_type",
  "duration_seconds",
  "codec",
  "channels",
  "bitrate",
  "archived_at",
  "verified_at",
  "suspect",
  "held_for",
  "erased_for"
] as const satisfies ReadonlyArray<keyof Row>

/** A row as it is read. */
export type ReadRow = { readonly [K in keyof Row]: Row[K] extends string | null ? Row[K] : Row[K] | ReadNumber }

/** The row of an entry. */
export const rowOf = (entry: Entry): Row => ({
  source: storedText(entry.source),
  id: storedText(entry.id),
  state: entry.state,
  reason: textOrNull(entry.reason),
  attempts: entry.attempts,
  retry_at: entry.retryAt?.getTime() ?? null,
  started_at: entry.startedAt?.getTime() ?? unknownInstant,
  expires_at: entry.expiresAt?.getTime() ?? unknownInstant,
  recording: textOrNull(entry.recording),
  path: textOrNull(entry.file?.path),
  bytes: entry.file?.bytes ?? null,
  sha512: textOrNull(entry.file?.sha512),
  media_type: textOrNull(entry.file?.mediaType),
  duration_seconds: entry.file?.durationSeconds ?? null,
  codec: textOrNull(entry.file?.codec),
  channels: entry.file?.channels ?? null,
  bitrate: entry.file?.bitrate ?? null,
  archived_at: entry.file?.archivedAt.getTime() ?? null,
  verified_at: entry.file?.verifiedAt?.getTime() ?? null,
  suspect: textOrNull(entry.suspect),
  held_for: textOrNull(entry.heldFor),
  erased_for: textOrNull(entry.erasedFor)
})

/** The entry of a row. */
export const entryOf = (row: ReadRow): Entry => {
  const retryAt = dateOf(row.retry_at)
  const startedAt = dateOf(row.started_at)
  const expiresAt = dateOf(row.expires_at)
  const file = fileOf(row)
  return {
    source: textOf(row.source),
    id: textOf(row.id),
    state: row.state,
    attempts: Number(row.attempts),
    ...(row.reason !== null && { reason: textOf(row.reason) }),
    ...(retryAt && { retryAt }),
    ...(startedAt && { startedAt }),
    ...(expiresAt && { expiresAt }),
    ...(row.recording !== null && { recording: textOf(row.recording) }),
    ...(file && { file }),
    ...(row.suspect !== null && { suspect: textOf(row.suspect) }),
    ...(row.held_for !== null && { heldFor: textOf(row.held_for) }),
    ...(row.erased_for !== null && { erasedFor: textOf(row.erased_for) })
  }
}

const fileOf = (row: ReadRow): ArchivedFile | undefined => {
  const archivedAt = dateOf(row.archived_at)
  const verifiedAt = dateOf(row.verified_at)
  if (row.path === null || row.bytes === null || row.sha512 === null || archivedAt === undefined) return undefined
  return {
    path: textOf(row.path),
    bytes: Number(row.bytes),
    sha512: textOf(row.sha512),
    mediaType: textOf(row.media_type ?? ""),
    archivedAt,
    ...(row.duration_seconds !== null && { durationSeconds: Number(row.duration_seconds) }),
    ...(row.codec !== null && { codec: textOf(row.codec) }),
    ...(row.channels !== null && { channels: Number(row.channels) }),
    ...(row.bitrate !== null && { bitrate: Number(row.bitrate) }),
    ...(verifiedAt && { verifiedAt })
  }
}

const textOrNull = (text: string | undefined): string | null => (text === undefined ? null : storedText(text))
