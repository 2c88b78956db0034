import {
  defaultPendingFor,
  DurationText,
  InstantText,
  NonEmptyText,
  oneOf,
  optionsOf,
  parseDuration,
  Region,
  Secret
} from "@callreel/recording"
import { Duration } from "effect"
import * as t from "io-ts"

/**
 * Where the audio of a bare id is looked for first: `direct-first` builds the address from the id (one request where it
 * is there), `call-log-first` reads the address from the call log, as the vendor recommends (two requests).
 */
export const Strategy = oneOf("direct-first", "call-log-first")
export type Strategy = t.TypeOf<typeof Strategy>

/** What is listed beside call recordings. */
export const Included = oneOf("voicemail")
export type Included = t.TypeOf<typeof Included>

/** Options of a RingCentral account, as they stand in `callreel.json` (docs/vendors/ringcentral.md#options). */
export const RingCentralOptions = optionsOf(
  "RingCentralOptions",
  {
    /** Id and secret of an app registered for server-to-server use (JWT). */
    clientId: NonEmptyText,
    clientSecret: Secret,
    /** The JWT credential of the user whose permissions count. */
    jwt: Secret
  },
  {
    /** Default `https://platform.ringcentral.com`; partners and sandboxes have others. */
    serverUrl: NonEmptyText,
    /** Default: `serverUrl` with `media.` in place of `platform.`. */
    mediaUrl: NonEmptyText,
    /** Further origins that get the token: for addresses of audio and of further pages that the answers name. */
    mediaOrigins: t.array(NonEmptyText),
    /** Id of the account, default `~`: that of the JWT's user. */
    account: NonEmptyText,
    /** Only the calls of this extension, by id, or `~` for the JWT's user. Default: the whole company. */
    extension: NonEmptyText,
    /** Default `direct-first`. */
    strategy: Strategy,
    /** Default: call recordings only. */
    include: t.array(Included),
    /** Region for numbers without a country code. */
    region: Region,
    /** How long after a call's end its recording may still come. Default `24 hours`. */
    pendingFor: DurationText,
    /** Ages of a call, since its end, at which a recording that was not ready is asked for again. */
    retryLadder: t.array(DurationText),
    /** How long the account keeps recordings, in days. Default 90. */
    retentionDays: t.number,
    /** Where `changes` begins without a checkpoint. */
    since: InstantText,
    /** The verification token that webhook subscriptions were made with. */
    verificationToken: Secret,
    /** Longest silence of a server before a request is given up and tried again. Default `15 seconds`. */
    idleTimeout: DurationText,
    /** Allow plain http elsewhere than on loopback. */
    allowInsecure: t.boolean
  }
)
export type RingCentralOptions = t.TypeOf<typeof RingCentralOptions>

/** The vendor's own host. */
export const defaultServerUrl = "https://platform.ringcentral.com"

/** What the vendor documents for automatic and on-demand recordings. Admins may shorten it. */
export const defaultRetentionDays = 90

/**
 * Ages of a call at which its recording is worth another request. Recordings come seconds to minutes after the call,
 * long ones after about the length of the call; each try costs at least a tenth of a minute's Heavy requests.
 */
export const defaultRetryLadder: ReadonlyArray<Duration.Duration> = [
  Duration.seconds(30),
  Duration.seconds(90),
  Duration.minutes(3),
  Duration.minutes(6),
  Duration.minutes(15),
  Duration.minutes(30),
  Duration.hours(1),
  Duration.hours(3),
  Duration.hours(8),
  Duration.hours(24)
]

/** When a recording that is not there may still come, and when to ask again. */
export interface Patience {
  readonly pendingFor: Duration.Duration
  readonly ladder: ReadonlyArray<Duration.Duration>
}

export const patienceOf = ({ pendingFor, retryLadder }: RingCentralOptions): Patience => ({
  pendingFor: (pendingFor && parseDuration(pendingFor)) || defaultPendingFor,
  ladder:
    retryLadder === undefined
      ? defaultRetryLadder
      : retryLadder.flatMap((rung) => parseDuration(rung) ?? []).toSorted(Duration.Order)
})

/** How long recordings are kept. */
export const retentionOf = ({ retentionDays = defaultRetentionDays }: RingCentralOptions): Duration.Duration =>
  Duration.days(retentionDays)

/** Longest silence to bear; undefined where none is configured. */
export const idleTimeoutOf = ({ idleTimeout }: RingCentralOptions): Duration.Duration | undefined =>
  idleTimeout === undefined ? undefined : parseDuration(idleTimeout)

/** The media host that belongs to a server: the label `platform.` is `media.` there; other hosts serve both. */
export const mediaUrlOf = ({ mediaUrl, serverUrl = defaultServerUrl }: RingCentralOptions): string =>
  mediaUrl ?? serverUrl.replace(/^(https?:\/\/)platform\./i, "$1media.")

/** Whether voicemail was asked for. */
export const includesVoicemail = ({ include }: RingCentralOptions): boolean => include?.includes("voicemail") === true
