import type { Checkpoint } from "@callreel/recording"
import type { Effect, Scope, Stream } from "effect"
import type { ArchiveError } from "./ArchiveError.ts"
import type { Entry, State } from "./Entry.ts"
import type { Found } from "./internal/state.ts"

/** Which entries: all conditions together; what is left out does not matter. */
export interface EntryQuery {
  readonly source?: string
  /** Of calls that began in [from, to). Entries without a start are in no window. */
  readonly from?: Date
  readonly to?: Date
  readonly states?: ReadonlyArray<State>
}

/** What is to be fetched: entries of one state that are due; soonest expiry first, then the oldest call. */
export interface DueQuery extends Omit<EntryQuery, "states"> {
  readonly source: string
  readonly state: "pending" | "failed" | "unavailable"
  /** Entries with a later `retryAt` are not due. */
  readonly now: Date
  /** Only entries with this reason. */
  readonly reason?: string
}

/** The ids of one source's entries of one day, in no order. */
export interface DayOfKeys {
  /** Midnight UTC; undefined for entries without a start. */
  readonly day?: Date
  readonly ids: ReadonlyArray<string>
}

/** Counts of entries by state, unavailable ones by reason. Their sum is `listed`, but for erased ones. */
export interface Counts {
  readonly listed: number
  readonly archived: number
  readonly unavailable: Readonly<Record<string, number>>
  readonly pending: number
  readonly failed: number
  readonly erased: number
  readonly suspect: number
  /** Of archived files. */
  readonly bytes: number
}

/** A finished run of a source, as its proof shows it. */
export interface ProofRecord {
  readonly source: string
  readonly from?: Date
  readonly to?: Date
  readonly at: Date
  /** Path of the proof in the archive. */
  readonly path: string
  /** SHA-256 of the proof's bytes, hexadecimal. */
  readonly sha256: string
}

/** Something that was done to a recording for good. Only ever added to. */
export interface LogRecord {
  readonly at: Date
  readonly action: "removed-at-vendor" | "erased" | "held" | "released"
  readonly source: string
  readonly id: string
  readonly detail: string
}

/** Who holds an archive. */
export interface LockOwner {
  readonly host: string
  readonly process: number
  readonly since: Date
}

/**
 * What the archive knows: every recording ever listed and where it stands, how far each source was read, and what was
 * proved. Every change is durable once its effect has succeeded. Memory does not grow with the number of recordings.
 */
export interface Ledger {
  /** Name for messages, without credentials. */
  readonly name: string
  /** Takes in what a source listed, and the checkpoint behind it, in one transaction. */
  readonly list: (
    recordings: ReadonlyArray<Found>,
    checkpoint?: { readonly source: string; readonly checkpoint: Checkpoint }
  ) => Effect.Effect<void, ArchiveError>
  readonly checkpoint: (source: string) => Effect.Effect<Checkpoint | undefined, ArchiveError>
  readonly find: (key: {
    readonly source: string
    readonly id: string
  }) => Effect.Effect<Entry | undefined, ArchiveError>
  /** Replaces an entry. Many at once are written in one transaction. */
  readonly put: (entry: Entry) => Effect.Effect<void, ArchiveError>
  /** Pages of what is to be fetched, as it stands when a page is read: what was put meanwhile does not come again. */
  readonly due: (query: DueQuery) => Stream.Stream<ReadonlyArray<Entry>, ArchiveError>
  /** The soonest instant at which a pending entry is due; undefined where none is pending. */
  readonly nextRetry: (source: string) => Effect.Effect<Date | undefined, ArchiveError>
  readonly countDue: (query: DueQuery) => Effect.Effect<number, ArchiveError>
  /** Keys of entries by the day (UTC) on which their call began, day by day; entries without a start come last. */
  readonly keysByDay: (query: EntryQuery) => Stream.Stream<DayOfKeys, ArchiveError>
  /** Pages in order of the call's start, then source and id. */
  readonly entries: (query: EntryQuery) => Stream.Stream<ReadonlyArray<Entry>, ArchiveError>
  readonly counts: (query: EntryQuery) => Effect.Effect<Counts, ArchiveError>
  /** The first and the last start of the calls of a source; undefined where it has none. */
  readonly span: (
    source: string
  ) => Effect.Effect<{ readonly first: Date; readonly last: Date } | undefined, ArchiveError>
  /** Sources that have entries, in order. */
  readonly sources: Effect.Effect<ReadonlyArray<string>, ArchiveError>
  /** Where the changes of a source were read from: told with `from` before the first checkpoint, and remembered. */
  readonly beginning: (source: string, from?: Date) => Effect.Effect<Date | undefined, ArchiveError>
  readonly addProof: (proof: ProofRecord) => Effect.Effect<void, ArchiveError>
  /** Whether a proof with these bytes (SHA-256) was written for the source. */
  readonly hasProof: (source: string, sha256: string) => Effect.Effect<boolean, ArchiveError>
  readonly lastProof: (source: string) => Effect.Effect<ProofRecord | undefined, ArchiveError>
  readonly log: (record: LogRecord) => Effect.Effect<void, ArchiveError>
  readonly logged: Stream.Stream<ReadonlyArray<LogRecord>, ArchiveError>
  /** Holds the archive for this process; fails with `Locked` and who holds it. The lock dies with the process. */
  readonly lock: Effect.Effect<void, ArchiveError, Scope.Scope>
  /**
   * A run begins. Tells whether an earlier one never came to its end, so that something may stand half-way, and whether
   * none ever did: then files may be there of which this ledger knows nothing.
   */
  readonly beginRun: Effect.Effect<{ readonly wasKilled: boolean; readonly isFirst: boolean }, ArchiveError>
  /** The run came to its end. */
  readonly endRun: Effect.Effect<void, ArchiveError>
}
