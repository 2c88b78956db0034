import type { CallWorld, SimulatedOutcome } from "../calls/SimulatedCall.ts"
import type { FaultPlan } from "../simulator/FaultPlan.ts"

/** The vendor's usage plan groups. */
export type RateGroup = "heavy" | "medium" | "light" | "auth"

/** What a user of an app may do in a group: so many requests in any window, else a penalty. Vendor's seconds. */
export interface RateLimit {
  readonly limit: number
  readonly windowSeconds: number
  readonly penaltySeconds: number
}

/** Where a `recording` stands: at the call record, at one of its legs, or at both with the same id. */
export type RecordingPlace = "record" | "leg" | "both"

export type RecordingKind = "automatic" | "on-demand" | "voicemail"

/** A recording beside those of the world, for a test that needs an exact one. */
export interface ExtraRecording {
  /** The call's `startTime`. */
  readonly startedAt: Date
  /** Length of the audio in seconds, or its least size in bytes (1 GiB, say), rounded up to whole frames. Default 10 s. */
  readonly durationSeconds?: number
  readonly bytes?: number
  /** Digits. Default: from the seed. */
  readonly recordingId?: string
  /** Recordings with the same session are of one call. Default: a session of its own. */
  readonly sessionId?: string
  readonly telephonySessionId?: string
  /** Recordings with the same record are on legs of it. Default: a record of its own. */
  readonly callRecordId?: string
  /** Default `both`. */
  readonly place?: RecordingPlace
  /** Default `automatic`. */
  readonly kind?: RecordingKind
  /** Default `mp3`. */
  readonly format?: "mp3" | "wav"
  /** Default 1. */
  readonly channels?: 1 | 2
  /** Default `available`. */
  readonly state?: "available" | "expired" | "deleted" | "too-short"
  /** When the call ends. Default: `startedAt` and the length of the audio. */
  readonly callEndsAt?: Date
  /** From when on the audio can be had. Default: the call's end. */
  readonly readyAt?: Date
  /** From when on the call record is in the log. Default: the call's end. */
  readonly visibleFrom?: Date
  /** From when on the record has its `recording`. Default: `visibleFrom`. */
  readonly attachedAt?: Date
  /** When other details of the record change. Default: never. */
  readonly changesAt?: Date
  /** Whether the call log shows the record from the call's start, as `In Progress`. Default false. */
  readonly inLogWhileRunning?: boolean
  /** Default `inbound`. */
  readonly direction?: "inbound" | "outbound"
  /** The other end's number. Default `+12125550123`. */
  readonly number?: string
  readonly name?: string
  /** Index into the world's extensions. Default 0. */
  readonly extension?: number
  /** The part before or after a warm transfer: the other part's telephony session. */
  readonly transferredTo?: string
  readonly transferredFrom?: string
}

/** What a function for {@link RingCentralOptions.contentUri} is told. */
export interface ContentUriContext {
  readonly recordingId: string
  readonly account: string
  /** The address a well-behaved server would give. */
  readonly contentUri: string
}

/** Everything that can be set; a test names only what it is about. */
export interface RingCentralOptions {
  /** Decides ids, keys and all other chance. Default `ringcentral`. */
  readonly seed?: string
  /** The calls. Default: 300 calls from January to March 2026, by the seed. */
  readonly world?: CallWorld
  readonly extraRecordings?: ReadonlyArray<ExtraRecording>
  /**
   * The simulator's clock: rows appear, tokens expire and limits pass by it; while it stands still, no window ends and no
   * penalty. Default: the real time.
   */
  readonly now?: () => Date
  /**
   * Windows and penalties of the rate limits pass so many times faster than the clock. Headers tell seconds that really
   * pass, rounded up to whole ones as the vendor sends them: choose scales that divide 60 (60 makes a window of 1 s).
   * Default 1.
   */
  readonly timeScale?: number
  /** Default: nothing goes wrong. */
  readonly faults?: FaultPlan
  /** Defaults: heavy 10, medium 40, light 50, auth 5; all in 60 s, with a penalty of 60 s. */
  readonly limits?: Partial<Record<RateGroup, RateLimit>>
  /** Whether answers carry `X-Rate-Limit-*`; `sometimes`: not every third. Default `always`. */
  readonly rateHeaders?: "always" | "sometimes" | "never"
  /** What the groups are called in `X-Rate-Limit-Group`. Default: `heavy`, `medium`, `light`, `auth`. */
  readonly groupNames?: Partial<Record<RateGroup, string>>
  /** How a refusal for too many requests tells how long to wait. Default `seconds`. */
  readonly retryAfter?: "seconds" | "date" | "absent"
  /** Longest lifetime of access tokens, in seconds; a request for less is granted. Default 3600. */
  readonly tokenSeconds?: number
  /** Sessions of one user and app; the next one evicts the oldest. Default 5. */
  readonly sessionsCap?: number
  /** Whether the apps are given refresh tokens. Default false. */
  readonly refreshTokens?: boolean
  /** Whether paging tells totals and the last page. Default false. */
  readonly totals?: boolean
  /** Whether a row exactly at `dateTo` belongs to the window. Default true. */
  readonly dateToIncluded?: boolean
  /** Recordings of calls that ended longer ago are purged; their records stay. Default: none. */
  readonly retentionDays?: number
  /** Records that started longer ago are gone from the log. Default: none. */
  readonly historyDays?: number
  /** How `navigation` writes its addresses; `with-port`: another spelling of the same origin. Default `absolute`. */
  readonly nextPage?: "absolute" | "with-port" | "hostile"
  /** Where `contentUri` points. Default `media`. */
  readonly contentUri?: "media" | "with-port" | "hostile" | ((recording: ContentUriContext) => string)
  /** Whether a request for content is sent on elsewhere first. Default `none`. */
  readonly mediaRedirect?: "none" | "same-origin" | "third-origin"
  /** Whether content honours Range. Default true. */
  readonly mediaRange?: boolean
  /** Answer a GET without Range with 206 and its first bytes: so many, or 64 KiB. Default false. */
  readonly unrequested206?: boolean | number
  /** Which formats the audio has. Default `mixed`. */
  readonly format?: "mp3" | "wav" | "mixed"
  /** Refuse `sessionId` together with dates and other filters (CLG-110); it then reaches the whole log. Default false. */
  readonly strictSession?: boolean
  /** Whether the default window of 24 hours also holds for requests by session without dates. Default true. */
  readonly sessionWindow?: boolean
  /** Hide the last digits of outside numbers. Default false. */
  readonly maskedNumbers?: boolean
  /** Whether records of running calls are in the call log too, not only in active-calls. Default false. */
  readonly runningInLog?: boolean
  /** Whether the account may use call-log-extract-sync. Default true. */
  readonly extractSync?: boolean
  /** How long sync tokens live, in seconds. Default: for ever. */
  readonly syncTokenSeconds?: number
  /** Whether some records carry keys that no documentation names. Default true. */
  readonly unknownKeys?: boolean
}

/** An application with the JWT credential of its user. */
export interface RingCentralApp {
  readonly clientId: string
  readonly clientSecret: string
  readonly jwt: string
}

/** Why a request for the recording's audio fails, by the simulator's clock now. */
export type RecordingState = "available" | "not-ready" | "expired" | "deleted" | "too-short" | "running"

/** A value of JSON. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** What is true of one recording or voicemail, for tests to compare with. */
export interface RecordingTruth {
  /** Digits; of a voicemail the id of its audio attachment. */
  readonly recordingId: string
  readonly kind: RecordingKind
  /** Of a voicemail only. */
  readonly messageId: string | undefined
  readonly sessionId: string
  readonly telephonySessionId: string
  /** The whole call's start and end. */
  readonly callStartedAt: Date
  readonly callEndedAt: Date
  /** The call records that hold it, the first one first. The fields below are of that one. */
  readonly callRecordIds: ReadonlyArray<string>
  /** `startTime` of the first record. */
  readonly recordStartedAt: Date
  /** `duration` of the first record once its call has ended, in whole seconds. */
  readonly recordSeconds: number
  readonly place: RecordingPlace
  readonly direction: "inbound" | "outbound" | "internal"
  readonly outcome: SimulatedOutcome
  /**
   * The numbers as the record shows them: outside numbers as they are, extensions by their short number. A record that
   * changes later has the name of somebody outside only from then on.
   */
  readonly fromNumber: string | undefined
  readonly fromName: string | undefined
  readonly toNumber: string | undefined
  readonly toName: string | undefined
  /** Of the record, or of the leg where only a leg holds the recording. */
  readonly extension: { readonly id: string; readonly number: string; readonly name: string }
  readonly mediaType: "audio/mpeg" | "audio/wav"
  /** As sent: WAV is `audio/wav` or `audio/x-wav`. */
  readonly contentType: "audio/mpeg" | "audio/wav" | "audio/x-wav"
  readonly bytes: number
  readonly durationSeconds: number
  /** SHA-512 of the audio in lower-case hexadecimal; reads it through. */
  readonly sha512: () => string
  /** From when on the audio can be had. */
  readonly readyAt: Date
  /** From when on the first record is in the log. */
  readonly visibleFrom: Date
  /** From when on the record has its `recording` (a voicemail: its `message`). */
  readonly attachedAt: Date
  readonly scenario: string
  /** As the log and the message store tell it. */
  readonly contentUri: string
  /** Telephony sessions of the parts before and after a warm transfer. */
  readonly transferredFrom: string | undefined
  readonly transferredTo: string | undefined
  /** By the simulator's clock, when it is read. */
  readonly state: RecordingState
  /** The first record as a Detailed company list shows it now; undefined while or once it is not listed. */
  readonly record: JsonObject | undefined
}

/** Counters of what the simulator saw. */
export interface RingCentralCounts {
  /** Access tokens given. */
  readonly tokens: number
  readonly sessionsEvicted: number
  /** Answers with status 429, by a limit or a fault. */
  readonly refusals: number
  /** Requests of each group that were let in or refused by its limit. */
  readonly heavy: number
  readonly medium: number
  readonly light: number
  readonly auth: number
  /** Requests during a penalty: each restarted it. */
  readonly penaltiesRestarted: number
  readonly platformRequests: number
  readonly mediaRequests: number
  /** Requests to the third origin that carried credentials of any kind: there must be none. */
  readonly leakedCredentials: number
  /** Connections open now, to all servers. */
  readonly openSockets: number
}

/** How {@link TelephonySessionEvent} is made. */
export interface TelephonySessionEventOptions {
  /** The parties' status. Default `Disconnected`. */
  readonly status?: "Proceeding" | "Answered" | "Hold" | "Disconnected"
  /** Order number. Default 7. */
  readonly sequence?: number
  /** Whether the recordings are named. Default true. */
  readonly recordings?: boolean
  /** Whether they record (true) or pause. Default false. */
  readonly active?: boolean
  /** When it was sent. Default: the session's end. */
  readonly time?: Date
}

/** A party of a notification. */
export interface TelephonySessionParty {
  readonly accountId: string
  readonly extensionId: string
  readonly id: string
  readonly direction: "Inbound" | "Outbound"
  readonly to: TelephonySessionEnd
  readonly from: TelephonySessionEnd
  readonly recordings?: ReadonlyArray<{ readonly id: string; readonly active: boolean }>
  readonly status: { readonly code: string; readonly rcc: boolean; readonly reason?: string }
  readonly missedCall: boolean
  readonly standAlone: boolean
  readonly muted: boolean
}

export interface TelephonySessionEnd {
  readonly phoneNumber?: string
  readonly name?: string
  readonly extensionId?: string
}

/** The notification of a telephony session, as a web hook gets it. */
export interface TelephonySessionEvent {
  readonly uuid: string
  readonly event: string
  readonly timestamp: string
  readonly subscriptionId: string
  readonly ownerId: string
  readonly body: {
    readonly sequence: number
    readonly sessionId: string
    readonly telephonySessionId: string
    readonly serverId: string
    readonly eventTime: string
    readonly parties: ReadonlyArray<TelephonySessionParty>
    readonly origin: { readonly type: "Call" }
  }
}
