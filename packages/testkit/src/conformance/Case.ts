/** What a conformance case is, and what it is told of the world that the source under test shows. */
import type { Capability, Direction, Outcome, RecordingError, RecordingSource } from "@callreel/recording"
import type { Effect, Scope } from "effect"

/** What is true of one recording, known from elsewhere than the source under test. */
export interface ExpectedRecording {
  readonly id: string
  readonly callId: string
  /** Start of the call, to the millisecond. */
  readonly startedAt: Date
  readonly direction?: Direction
  readonly outcome?: Outcome
  /** Of the recording, in seconds. */
  readonly durationSeconds?: number
  /** Size of the audio. */
  readonly bytes?: number
  /** Normalised media type of the audio. */
  readonly mediaType?: string
  /** SHA-512 of the audio in lower-case hexadecimal. */
  readonly sha512?: () => string
  /** Whether the audio can be had. */
  readonly available: boolean
}

/**
 * The world behind the source under test, and where its edges are. Cases without what they need are left out.
 *
 * Some cases change the world, so each reads the expectations anew: where they follow the world, make them getters.
 */
export interface Expectations {
  /** A window that ends in the past. */
  readonly window: { readonly from: Date; readonly to: Date }
  /** Every recording whose call starts in the window: at least twenty, some starting in the same second. */
  readonly recordings: ReadonlyArray<ExpectedRecording>
  readonly account: string
  /** Ids of the vendor's form that do not exist. */
  readonly unknownRecordingId: string
  readonly unknownCallId: string
  /** Values for the filters, each matching some of the recordings and not all. */
  readonly filters?: {
    readonly number?: string
    readonly extension?: string
    readonly queue?: string
  }
  /** A recording whose audio the vendor always cuts short. */
  readonly truncatedId?: string
  /** A vendor event, and the recordings of its call. */
  readonly event?: { readonly payload: unknown; readonly recordingIds: ReadonlyArray<string> }
  /** The same event as a webhook request. */
  readonly webhook?: () => Request
  /** Makes a recording appear late, inside the window, and tells its id. */
  readonly appearLate?: () => string
  /** A source with credentials that the vendor refuses. */
  readonly refusedSource?: Effect.Effect<RecordingSource, RecordingError, Scope.Scope>
  /** Connections to the vendor that are open now. */
  readonly openConnections?: () => number
  /** The vendor makes faults on purpose: links are not followed, as nothing would repeat a request that failed. */
  readonly faulty?: boolean
  /** Whether recordings may really be removed. Default no. */
  readonly removable?: boolean
  /** The vendor removes the audio only, and goes on listing its call. */
  readonly listsRemoved?: boolean
  /** The vendor does not say that what is to be removed is gone already. */
  readonly removesAgain?: boolean
}

/** A case that ran without failing has passed; an assertion that does not hold is a defect. */
export type CaseBody = (
  source: RecordingSource,
  expectations: Expectations
) => Effect.Effect<void, RecordingError, Scope.Scope>

/** One rule of the contract, for every adapter whose capability selects it. */
export interface ConformanceCase {
  /** Stays the same for good, so that it can be named in reports and issues. */
  readonly number: number
  readonly name: string
  /** Whether the rule applies; default always. */
  readonly selects?: (capability: Capability, expectations: Expectations) => boolean
  readonly body: CaseBody
}
