import type { Effect, Scope, Stream } from "effect"
import type { Audio, AudioOptions } from "./Audio.ts"
import type { CallReference } from "./CallReference.ts"
import type { Capability } from "./Capability.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import type { Recording } from "./Recording.ts"
import type { RecordingError } from "./RecordingError.ts"
import type { RecordingQuery, TimeWindow } from "./RecordingQuery.ts"
import type { RecordingReference } from "./RecordingReference.ts"

/** One step of `changes`: store `recordings` (upsert by key), then `checkpoint`; a crash between repeats the page, harmlessly. */
export interface ChangePage {
  readonly recordings: ReadonlyArray<Recording>
  readonly checkpoint: Checkpoint
}

/** A permission that the source needs, by the vendor's name for it. */
export interface PermissionCheck {
  readonly name: string
  readonly granted: boolean
}

/** A limit of the vendor as its last answer showed it. */
export interface LimitCheck {
  readonly group: string
  readonly limit?: number
  readonly remaining?: number
  readonly resetsInSeconds?: number
}

/** What a preflight found: the login worked, for this account, with these permissions. */
export interface SourceCheck {
  readonly account?: string
  readonly permissions: ReadonlyArray<PermissionCheck>
  /** Vendor's clock minus ours, in seconds. */
  readonly clockSkewSeconds?: number
  readonly limits: ReadonlyArray<LimitCheck>
}

/** An address of the audio for other programs. Treat `url` as a secret unless `authentication` is asked for. */
export interface RecordingLink {
  readonly url: string
  /** What a request to `url` must bring. */
  readonly authentication: "none" | "bearer" | "basic" | "token"
  readonly permanent: boolean
  readonly expiresAt?: Date
}

/** The vendor's own figures for a window. */
export interface RecordingStats {
  readonly recordings: number
  /** Total size in bytes. */
  readonly bytes: number
}

/** A window for the vendor to pack; the link goes to `emails`. */
export interface ArchiveRequest extends TimeWindow {
  readonly emails: ReadonlyArray<string>
}

/** The vendor took the archive request. `raw` is its answer. */
export interface ArchiveReceipt {
  readonly accepted: true
  readonly raw: unknown
}

/** What a webhook request meant: the response to give, and the calls whose recordings `find` can now look for. */
export interface Notification {
  readonly response: Response
  readonly calls: ReadonlyArray<CallReference>
}

/**
 * One phone system's recordings. `capability` says what it can do; what it denies fails with `Unsupported`.
 *
 * Every operation may be interrupted at any time; sockets close with it.
 */
export interface RecordingSource {
  /** Version of this interface, so that hosts can tell implementations apart when a later one comes. */
  readonly specification: "v1"
  /** The configured name. */
  readonly name: string
  readonly provider: string
  readonly capability: Capability

  /** Recordings whose call started in [from, to), each exactly once, in the order asked for. Memory stays bounded. */
  list(query: RecordingQuery): Stream.Stream<Recording, RecordingError>
  /** What is new or changed since the checkpoint, each page with the next checkpoint. Recordings may repeat: upsert by key. */
  changes(after?: Checkpoint): Stream.Stream<ChangePage, RecordingError>
  get(recording: RecordingReference): Effect.Effect<Recording, RecordingError>
  /** All recordings of one call. Nothing found is `Pending` while one may still come, else `NotFound`. */
  find(call: CallReference): Effect.Effect<ReadonlyArray<Recording>, RecordingError>
  /** The audio; the socket lives as long as the scope. */
  audio(recording: RecordingReference, options?: AudioOptions): Effect.Effect<Audio, RecordingError, Scope.Scope>
  /** Preflight: credentials, permissions, clock, limits. */
  check(): Effect.Effect<SourceCheck, RecordingError>

  link(recording: RecordingReference): Effect.Effect<RecordingLink, RecordingError>
  stats(window: TimeWindow): Effect.Effect<RecordingStats, RecordingError>
  /** Deletes the recording at the vendor. */
  remove(recording: RecordingReference): Effect.Effect<void, RecordingError>
  /** Deletes all recordings of the window at the vendor. */
  removeWindow(window: TimeWindow): Effect.Effect<void, RecordingError>
  requestArchive(request: ArchiveRequest): Effect.Effect<ArchiveReceipt, RecordingError>
  /** Reads a webhook request of the vendor. Its body is consumed. */
  notification(request: Request): Effect.Effect<Notification, RecordingError>

  /** A copy of the vendor's object with link secrets masked, for printing and storing. */
  maskRaw(raw: unknown): unknown
}
