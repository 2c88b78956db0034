/** The ledger as one would write it without us: a table of the same columns and indexes, behind these questions. */
import type { Ending, Listed } from "./lives.ts"

/** A row as it is written: its columns in their order. */
export interface RawRow {
  source: string
  id: string
  state: string
  reason: string | null
  attempts: number
  retry_at: number | null
  started_at: number
  expires_at: number
  recording: string | null
  path: string | null
  bytes: number | null
  sha512: string | null
  media_type: string | null
  duration_seconds: number | null
  codec: string | null
  channels: number | null
  bitrate: number | null
  archived_at: number | null
  verified_at: number | null
  suspect: string | null
  held_for: string | null
  erased_for: string | null
}

export const columns = [
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
] as const satisfies ReadonlyArray<keyof RawRow>

export interface RawStore {
  /** Takes in a page and the checkpoint behind it, in one transaction; what is known and unchanged is not written. */
  readonly list: (page: ReadonlyArray<Listed>, checkpoint: string) => Promise<void>
  /** A page of what is due, behind a row. */
  readonly due: (state: string, after: RawRow | undefined) => Promise<ReadonlyArray<RawRow>>
  readonly find: (id: string) => Promise<RawRow | undefined>
  /** Durable when it resolves; those that wait together are written in one transaction. */
  readonly put: (row: RawRow) => Promise<void>
  readonly ending: () => Promise<Ending>
  readonly close: () => Promise<void>
}

/** A later instant than any: what is not known comes last. */
const unknownInstant = Number.MAX_SAFE_INTEGER

/** The columns that may be empty, empty. */
const nothing = {
  reason: null,
  retry_at: null,
  recording: null,
  path: null,
  bytes: null,
  sha512: null,
  media_type: null,
  duration_seconds: null,
  codec: null,
  channels: null,
  bitrate: null,
  archived_at: null,
  verified_at: null,
  suspect: null,
  held_for: null,
  erased_for: null
}

/** What is left of a row that is erased. */
export const tombstoneOf = ({ attempts, id, source, started_at }: RawRow): RawRow => ({
  ...nothing,
  source,
  id,
  attempts,
  started_at,
  expires_at: unknownInstant,
  state: "erased",
  erased_for: "asked to"
})

/** What a listing makes of a row that is there or not; undefined where nothing changes. */
export const rowOf = (
  before: Pick<RawRow, "state" | "recording"> | undefined,
  listed: Listed,
  now: number
): RawRow | undefined => {
  if (before?.state === "archived" || before?.state === "erased") return undefined
  if (before?.recording === listed.recording) return undefined
  return {
    ...nothing,
    source: listed.source,
    id: listed.id,
    state: "pending",
    attempts: 0,
    retry_at: now,
    started_at: listed.startedAt.getTime(),
    expires_at: listed.expiresAt.getTime(),
    recording: listed.recording
  }
}

/** The tables; `key` is the type of a key column, compared by its code points. */
export const tablesOf = (key: string): ReadonlyArray<string> => [
  `CREATE TABLE recordings (
    source ${key} NOT NULL, id ${key} NOT NULL, state TEXT NOT NULL, reason TEXT, attempts BIGINT NOT NULL,
    retry_at BIGINT, started_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, recording TEXT, path TEXT UNIQUE,
    bytes BIGINT, sha512 TEXT, media_type TEXT, duration_seconds DOUBLE PRECISION, codec TEXT, channels BIGINT,
    bitrate DOUBLE PRECISION, archived_at BIGINT, verified_at BIGINT, suspect TEXT, held_for TEXT, erased_for TEXT,
    PRIMARY KEY (source, id))`,
  "CREATE INDEX recordings_due ON recordings (source, state, expires_at, started_at, id, retry_at, reason)",
  "CREATE INDEX recordings_started ON recordings (started_at, source, id)",
  "CREATE INDEX recordings_counted ON recordings (source, started_at, id, state, reason, bytes, suspect)",
  `CREATE TABLE sources (source ${key} NOT NULL PRIMARY KEY, checkpoint TEXT)`
]

/** The end of a statement that writes rows: one that is there is replaced. */
export const orReplace = `ON CONFLICT (source, id) DO UPDATE SET ${columns
  .slice(2)
  .map((column) => `${column} = excluded.${column}`)
  .join(", ")}`

/** The counts of all states. */
export const endingOf = (rows: ReadonlyArray<{ readonly state: string; readonly entries: number }>): Ending => {
  const of = (state: string): number => rows.find((row) => row.state === state)?.entries ?? 0
  return {
    archived: of("archived"),
    unavailable: of("unavailable"),
    pending: of("pending"),
    failed: of("failed"),
    erased: of("erased")
  }
}
