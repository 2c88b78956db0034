import type { Duration, Effect, Scope, Stream } from "effect"
import type { CountryCode } from "libphonenumber-js/max"
import type { Audio, AudioOptions } from "./Audio.ts"
import type { CallReference } from "./CallReference.ts"
import type { Capability } from "./Capability.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import type { Reason } from "./Reason.ts"
import type { Direction, Recording } from "./Recording.ts"
import type { Order, TimeWindow } from "./RecordingQuery.ts"
import type { RecordingReference } from "./RecordingReference.ts"
import type {
  ArchiveReceipt,
  ArchiveRequest,
  ChangePage,
  Notification,
  RecordingLink,
  RecordingStats,
  SourceCheck
} from "./RecordingSource.ts"

/** What reaches an adapter's `list`: an order its vendor has, and only the filters its capability calls `vendor`. */
export interface NativeQuery extends TimeWindow {
  readonly order: Order
  readonly direction?: Direction
  readonly number?: string
  readonly extension?: string
  readonly queue?: string
}

/** What an adapter knows of one call: its recordings, and when it ended, to judge an empty answer. */
export interface CallRecordings {
  readonly recordings: ReadonlyArray<Recording>
  /** The latest instant known of the call; now, while it runs. */
  readonly knownEnd?: Date
}

/**
 * What an adapter provides. Plain vendor knowledge: it fails with a {@link Reason}, may repeat recordings and give some
 * outside the window, and never checks its own capability. `defineSource` does the rest, once for all.
 */
export interface SourceDefinition {
  readonly name: string
  readonly provider: string
  readonly capability: Capability
  /** Region for numbers without a country code. */
  readonly region?: CountryCode
  /** How long after a call's end a recording may still come. Default 24 hours. */
  readonly pendingFor?: Duration.Duration
  /** Ages of a call, since its end, at which to look for its recording again. Default `retryLadder`. */
  readonly retryLadder?: ReadonlyArray<Duration.Duration>
  /** Keys of `raw`, at any depth, whose values are secrets of their own (links that need no login). */
  readonly secretRawKeys?: ReadonlyArray<string>

  /** Every recording of the window at least once, in the order asked for, page by page (a page is one chunk). */
  readonly list: (query: NativeQuery) => Stream.Stream<Recording, Reason>
  readonly changes?: (after: Checkpoint | undefined) => Stream.Stream<ChangePage, Reason>
  readonly get: (recording: RecordingReference) => Effect.Effect<Recording, Reason>
  readonly find: (call: CallReference) => Effect.Effect<CallRecordings, Reason>
  readonly audio: (
    recording: RecordingReference,
    options: AudioOptions
  ) => Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
  readonly check: Effect.Effect<SourceCheck, Reason>
  readonly link?: (recording: RecordingReference) => Effect.Effect<RecordingLink, Reason>
  readonly stats?: (window: TimeWindow) => Effect.Effect<RecordingStats, Reason>
  readonly remove?: (recording: RecordingReference) => Effect.Effect<void, Reason>
  readonly removeWindow?: (window: TimeWindow) => Effect.Effect<void, Reason>
  readonly requestArchive?: (request: ArchiveRequest) => Effect.Effect<ArchiveReceipt, Reason>
  readonly notification?: (request: Request) => Effect.Effect<Notification, Reason>
}
