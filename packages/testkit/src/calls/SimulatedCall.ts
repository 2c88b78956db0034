/**
 * A vendor-neutral world of calls. Simulators of vendors turn it into their own rows.
 *
 * All instants have milliseconds and are UTC; a vendor whose rows are coarser rounds down.
 */

/** A phone, a queue or an interactive menu of the account. */
export interface SimulatedExtension {
  /** Digits, the vendor's internal id. */
  readonly id: string
  /** The short number people dial (`0541`). */
  readonly number: string
  readonly name: string
  readonly type: "phone" | "queue" | "ivr"
  /** The group it belongs to, where it does. */
  readonly groupId: string | undefined
}

/** Somebody on one end of a call. */
export interface SimulatedParty {
  /** As the switch saw it: `+7…`, `8…`, `7…`, `anonymous`, masked, or the number of an extension. */
  readonly number: string
  /** What the other phone showed: Cyrillic, CJK, with quotes, or none. */
  readonly name: string | undefined
  /** Where this end is a phone of the account. */
  readonly extension: SimulatedExtension | undefined
}

export type SimulatedDirection = "inbound" | "outbound" | "internal"

export type SimulatedOutcome =
  | "answered"
  | "answered-elsewhere"
  | "missed"
  | "busy"
  | "rejected"
  | "failed"
  | "voicemail"

/**
 * What became of a recording's audio:
 * - `available`: all of it is there from `readyAt` on.
 * - `empty`: the vendor has a row of 0 bytes.
 * - `expired`: the row is still there, the audio is not.
 * - `too-short`: the talk was shorter than what the vendor keeps; vendors have no audio for it, most have no row.
 */
export type SimulatedRecordingState = "available" | "empty" | "expired" | "too-short"

/** One audio file. */
export interface SimulatedRecording {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string
  readonly durationSeconds: number
  readonly channels: 1 | 2
  readonly state: SimulatedRecordingState
  /** From when on its audio can be had, some time after the leg's end. */
  readonly readyAt: Date
  /** From when on a listing shows it: `readyAt` or shortly after, for late rows up to 20 hours after. */
  readonly visibleFrom: Date
  /** When the vendor changes details of its row, after it became visible; undefined for most. */
  readonly changesAt: Date | undefined
}

/** The part of a call on one extension. */
export interface SimulatedLeg {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string
  /** The extension whose leg this is. */
  readonly extension: SimulatedExtension
  /** Seen from the extension. */
  readonly flow: "in" | "out"
  readonly outcome: SimulatedOutcome
  readonly startedAt: Date
  /** Undefined where nobody answered. */
  readonly answeredAt: Date | undefined
  readonly endedAt: Date
  readonly from: SimulatedParty
  readonly to: SimulatedParty
  /** It came from a transfer. */
  readonly transferred: boolean
  /** Undefined where nothing was recorded. */
  readonly recording: SimulatedRecording | undefined
}

/** One call, of one leg or more. */
export interface SimulatedCall {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string
  readonly direction: SimulatedDirection
  /** What the vendor says of the whole call; some vendors say `answered` where no leg was. */
  readonly outcome: SimulatedOutcome
  readonly startedAt: Date
  readonly endedAt: Date
  readonly from: SimulatedParty
  readonly to: SimulatedParty
  /** The account's own outside number that was called or shown, digits without plus. */
  readonly outsideNumber: string | undefined
  /** What the call is an example of (`queue`, `transfer`, `missed`, …). */
  readonly scenario: string
  /** In order of their start. */
  readonly legs: ReadonlyArray<SimulatedLeg>
}

/**
 * Calls that are made when they are looked at: any number of them takes no memory.
 *
 * `call(index)` always gives the same call for the same index. Indices are in no order of time.
 */
export interface CallWorld {
  readonly size: number
  readonly call: (index: number) => SimulatedCall
  readonly extensions: ReadonlyArray<SimulatedExtension>
  readonly [Symbol.iterator]: () => Iterator<SimulatedCall>
}
