/**
 * Recording: one audio file of one call, the same for every vendor.
 *
 * The interfaces are the form in memory (instants are `Date`); the codecs of the same names are its JSON form, which the
 * command prints and the archive stores. Absent means unknown: never null, never a guess.
 */
import * as t from "io-ts"
import { Instant } from "./Instant.ts"

const directions = { inbound: null, outbound: null, internal: null, unknown: null }
const outcomes = { answered: null, voicemail: null, missed: null, busy: null, failed: null, unknown: null }
const kinds = { automatic: null, "on-demand": null, voicemail: null, unknown: null }
const unavailableReasons = { "too-short": null, expired: null, deleted: null, forbidden: null, absent: null }

/** Which way the call went, seen from the account. */
export type Direction = keyof typeof directions
/** JSON codec of {@link Direction}. */
export const Direction = t.keyof(directions, "Direction")

/** How the call ended. */
export type Outcome = keyof typeof outcomes
/** JSON codec of {@link Outcome}. */
export const Outcome = t.keyof(outcomes, "Outcome")

/** What started the recording. */
export type Kind = keyof typeof kinds
/** JSON codec of {@link Kind}. */
export const Kind = t.keyof(kinds, "Kind")

/** Why there is no audio. */
export type UnavailableReason = keyof typeof unavailableReasons
/** JSON codec of {@link UnavailableReason}. */
export const UnavailableReason = t.keyof(unavailableReasons, "UnavailableReason")

/** An internal number (extension) of the account: the vendor's id, the number people dial, its name. */
export interface Extension {
  readonly id?: string
  readonly number?: string
  readonly name?: string
}
/** JSON codec of {@link Extension}. */
export const Extension = t.readonly(t.partial({ id: t.string, number: t.string, name: t.string }), "Extension")

/** One end of a call. `number` is as the vendor gave it; `e164` only where it is certain. */
export interface Party {
  readonly number?: string
  readonly e164?: string
  readonly name?: string
  readonly extension?: Extension
}
/** JSON codec of {@link Party}. */
export const Party = t.readonly(
  t.partial({ number: t.string, e164: t.string, name: t.string, extension: Extension }),
  "Party"
)

/** A call queue. */
export interface CallQueue {
  readonly id?: string
  readonly name?: string
}
/** JSON codec of {@link CallQueue}. */
export const CallQueue = t.readonly(t.partial({ id: t.string, name: t.string }), "CallQueue")

/** The call that the recording belongs to: the whole call, where the vendor's answers show it. */
export interface Call {
  /** The vendor's id of the whole call. */
  readonly id: string
  /** A second vendor key of the call, where there is one. */
  readonly sessionId?: string
  /** Call legs that this recording belongs to. */
  readonly legIds?: ReadonlyArray<string>
  readonly direction: Direction
  readonly outcome: Outcome
  readonly startedAt: Date
  readonly answeredAt?: Date
  readonly endedAt?: Date
  /** Start to end, in seconds. */
  readonly durationSeconds?: number
  readonly from?: Party
  readonly to?: Party
  readonly queue?: CallQueue
  readonly tags?: ReadonlyArray<string>
  readonly variables?: Readonly<Record<string, string>>
}
/** JSON ↔ memory codec of {@link Call}. */
export const Call = t.readonly(
  t.intersection([
    t.type({ id: t.string, direction: Direction, outcome: Outcome, startedAt: Instant }),
    t.partial({
      sessionId: t.string,
      legIds: t.readonlyArray(t.string),
      answeredAt: Instant,
      endedAt: Instant,
      durationSeconds: t.number,
      from: Party,
      to: Party,
      queue: CallQueue,
      tags: t.readonlyArray(t.string),
      variables: t.record(t.string, t.string)
    })
  ]),
  "Call"
)

/** What the vendor tells of the audio file before it is fetched. `mediaType` is normalised (`audio/mpeg`, `audio/wav`). */
export interface AudioDescription {
  readonly mediaType?: string
  readonly bytes?: number
  readonly filename?: string
  readonly channels?: number
}
/** JSON codec of {@link AudioDescription}. */
export const AudioDescription = t.readonly(
  t.partial({ mediaType: t.string, bytes: t.number, filename: t.string, channels: t.number }),
  "AudioDescription"
)

/** Whether the audio can be had: now, perhaps later, or not. */
export type Availability =
  | { readonly state: "available" }
  | { readonly state: "pending"; readonly retryAt: Date }
  | { readonly state: "unavailable"; readonly reason: UnavailableReason }
/** JSON ↔ memory codec of {@link Availability}. */
export const Availability = t.union(
  [
    t.readonly(t.type({ state: t.literal("available") })),
    t.readonly(t.type({ state: t.literal("pending"), retryAt: Instant })),
    t.readonly(t.type({ state: t.literal("unavailable"), reason: UnavailableReason }))
  ],
  "Availability"
)

/** One audio file of one call. Its key everywhere is `<source>:<id>` ({@link keyOf}). */
export interface Recording {
  /** Configured name of the source, `^[a-z0-9][a-z0-9-]{0,62}$`. */
  readonly source: string
  readonly provider: string
  /** The vendor's real id of the tenant, never an alias such as `~` or `@me`. */
  readonly account: string
  /** The vendor's id of the recording, verbatim. */
  readonly id: string
  /** Missing only where `get` has a bare id and the vendor's record says nothing of the call. */
  readonly call?: Call
  readonly kind: Kind
  readonly startedAt?: Date
  readonly endedAt?: Date
  /** Of the recording, in seconds. */
  readonly durationSeconds?: number
  readonly audio?: AudioDescription
  readonly availability: Availability
  /** The vendor's own object, untouched. Link secrets in it are masked where a recording is printed or stored. */
  readonly raw: unknown
}

const recordingRequired = t.type({
  source: t.string,
  provider: t.string,
  account: t.string,
  id: t.string,
  kind: Kind,
  availability: Availability,
  raw: t.unknown
})
const recordingOptional = t.partial({
  call: Call,
  startedAt: Instant,
  endedAt: Instant,
  durationSeconds: t.number,
  audio: AudioDescription
})

/** The JSON form of {@link Recording}: instants are ISO 8601 text in UTC. */
export type RecordingJson = t.OutputOf<typeof recordingRequired> & t.OutputOf<typeof recordingOptional>

/** JSON ↔ memory codec of {@link Recording}. */
export const Recording: t.Type<Recording, RecordingJson, unknown> = t.readonly(
  t.intersection([recordingRequired, recordingOptional]),
  "Recording"
)

/** The key of a recording across all sources: `<source>:<id>`. */
export const keyOf = (recording: { readonly source: string; readonly id: string }): string =>
  `${recording.source}:${recording.id}`

/** The instant that windows and orders go by: the call's start, else the recording's own. */
export const startOf = (recording: Recording): Date | undefined => recording.call?.startedAt ?? recording.startedAt
