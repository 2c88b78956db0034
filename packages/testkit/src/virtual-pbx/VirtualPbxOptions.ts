import type { CallWorld } from "../calls/SimulatedCall.ts"
import type { FaultPlan } from "../simulator/FaultPlan.ts"

/** A level of the API's addresses and of the users behind tokens. */
export type Level = "client" | "extension_group" | "extension"

/** A recording beside those of the world, for a test that needs an exact one. */
export interface ExtraRecording {
  /** When its leg began (`init_time_gmt`), to hundredths of a second. */
  readonly startedAt: Date
  /** Length of the audio in seconds, or its least size in bytes (1 GiB, say), rounded up to whole frames. Default 10 s. */
  readonly durationSeconds?: number
  readonly bytes?: number
  /** 32 hexadecimal digits; equal for legs of one call. Default: a call of its own. */
  readonly callId?: string
  /** Default `in`. */
  readonly flow?: "in" | "out"
  /** The other end's number. Default `+79991234567`. */
  readonly number?: string
  readonly name?: string
  /** Index into the world's extensions. Default 0. */
  readonly extension?: number
  /** Default 1. */
  readonly channels?: 1 | 2
  readonly state?: "available" | "empty" | "expired"
  /** Default: the call's end. */
  readonly readyAt?: Date
  /** Default: `readyAt`. */
  readonly visibleFrom?: Date
  readonly changesAt?: Date
}

/** How the listing behaves where the platform's documentation is silent. */
export interface ListingOptions {
  /**
   * - `pages` (default): `page` and `per_page` are honoured, `per_page` up to `pageCap`.
   * - `ignores-page`: always the first `pageCap` rows of the window, whatever page is asked for.
   * - `ignores-page-uncapped`: always the whole window.
   */
  readonly paging?: "pages" | "ignores-page" | "ignores-page-uncapped"
  /** Most rows of one answer. Default 100. */
  readonly pageCap?: number
  /** Which time the window is compared with. Default `start`. The order is by `init_time_gmt` in any case. */
  readonly filterOn?: "start" | "init"
  /** Whether a row exactly at `end_datetime` belongs to the window. Default true. */
  readonly endIncluded?: boolean
  /** Which rows carry a `storage_url`. Default `some`. */
  readonly storageUrl?: "none" | "some" | "all"
  /** Whether some rows carry keys that no documentation names. Default true. */
  readonly unknownKeys?: boolean
}

/** The storage behind permanent links. */
export interface StorageOptions {
  /** Share of recordings (0 to 1) the external storage does not have: `/storage_url/` answers 404. Default 0.1. */
  readonly missing?: number
  /** Share of links (0 to 1) refused with 401 or 403. Default 0. */
  readonly refused?: number
}

/** Everything that can be set; a test names only what it is about. */
export interface VirtualPbxOptions {
  /** Decides ids, keys and all other chance. Default `virtual-pbx`. */
  readonly seed?: string
  /** The calls. Default: 300 calls from January to March 2026, by the seed. */
  readonly world?: CallWorld
  readonly extraRecordings?: ReadonlyArray<ExtraRecording>
  /** The simulator's clock: rows appear, tokens expire and quotas begin anew by it. Default: the real time. */
  readonly now?: () => Date
  /** Hours of quota pass so many times faster; headers tell seconds that really pass. Default 1. */
  readonly timeScale?: number
  /** Default: nothing goes wrong. */
  readonly faults?: FaultPlan
  readonly listing?: ListingOptions
  /** The two field names of the statistics. Default `{ count: "count", size: "size" }`. */
  readonly statsFields?: { readonly count: string; readonly size: string }
  /** `false`: the system has no external storage at all. */
  readonly storage?: StorageOptions | false
  /** Whether the API's file resources honour Range. Default false: 200 and the whole file. */
  readonly fileRange?: boolean
  /** File names in Content-Disposition that try to leave the folder. Default false. */
  readonly hostileFilenames?: boolean
  /** Whether ids of records match in any case (default) or only exactly as listed. */
  readonly recordIds?: "any-case" | "as-listed"
  /** Recordings older than this are gone from everywhere; with `rows: "kept"` (default `removed`) still listed. */
  readonly retention?: { readonly days: number; readonly rows?: "kept" | "removed" }
  /** Requests an hour for the whole client, over all its users and apps. Default 100,000. */
  readonly requestsPerHour?: number
  /** How long one call_history request takes; two at once are refused. Default 10. */
  readonly historyMilliseconds?: number
  /** Lifetime of tokens in seconds. Default 3600. */
  readonly tokenSeconds?: number
  /** Whether the token answer tells `expires_in`. Default true. */
  readonly tellsExpiry?: boolean
  /** Start the FTP server too; with `tls` (PEM) it also offers explicit FTPS. Default false. */
  readonly ftp?: boolean | { readonly tls: { readonly key: string; readonly cert: string } }
}

/** An application registered with the platform, bound to one user. */
export interface PbxApp {
  readonly clientId: string
  readonly clientSecret: string
  readonly level: Level
  /** Id of the client, group or extension: what `@me` means with this app's token. */
  readonly id: string
}

/** Why a request for the recording's audio fails, by the simulator's clock now. */
export type RecordingState = "available" | "not-ready" | "empty" | "expired" | "deleted"

/** A row of `/record/`: all JSON, keys as the platform has them. */
export type RecordRow = Readonly<Record<string, string | number | boolean | null>>

/** What is true of one recording, for tests to compare with. */
export interface RecordingTruth {
  readonly recordUuid: string
  readonly callUuid: string
  /** `init_time_gmt`, to hundredths of a second: what listings are sorted by. */
  readonly initTime: Date
  /** `start_time_gmt` and `hangup_time_gmt`, whole seconds. */
  readonly startTime: Date
  readonly hangupTime: Date
  /** The row's `duration`: hang-up minus start, whole seconds. */
  readonly durationSeconds: number
  /** Size of the audio; 0 for `empty`. */
  readonly bytes: number
  /** SHA-512 of the audio in lower-case hexadecimal; reads it through. */
  readonly sha512: () => string
  readonly channels: 1 | 2
  readonly mediaType: "audio/mpeg"
  /** What the call really was. */
  readonly direction: "inbound" | "outbound" | "internal"
  /** The row's `flow` and `result`. */
  readonly flow: "in" | "out" | "transfer"
  readonly result: string
  /** The other end's number, and the number and name in the row's `from_*` and `to_*`. */
  readonly fromNumber: string
  readonly fromName: string
  readonly toNumber: string
  readonly extension: { readonly id: number; readonly number: string; readonly name: string; readonly type: string }
  readonly extensionGroupId: number | undefined
  readonly scenario: string
  /** From when on the audio can be had. */
  readonly readyAt: Date
  /** From when on it is listed. */
  readonly visibleFrom: Date
  readonly changesAt: Date | undefined
  /** By the simulator's clock, when it is read. */
  readonly state: RecordingState
  /** Whether the external storage has it; `refused`: its link answers 401 or 403. */
  readonly storage: "present" | "refused" | "missing"
  /** The row as a listing shows it now; undefined while or once it is not listed. */
  readonly row: RecordRow | undefined
}

/** How the hangup notification of {@link VirtualPbxSimulator.hangupEvent} is made. */
export interface HangupEventOptions {
  /** Whether RecID is there. Default `present`. */
  readonly recId?: "present" | "missing"
  /** Ids in lower case, as the platform's notifications have them. Default true. */
  readonly lowerCase?: boolean
  /** Where the fields are: `body` (default), or `query` with an empty body. */
  readonly form?: "query" | "body"
}

/** A notification as a web server gets it. */
export interface HangupEvent {
  readonly method: "POST"
  readonly contentType: "application/x-www-form-urlencoded"
  /** Without question mark; empty with `form: "body"`. */
  readonly query: string
  /** Empty with `form: "query"`. */
  readonly body: string
  /** The same fields, decoded. */
  readonly fields: Readonly<Record<string, string>>
}

/** Counters of what the simulator saw. */
export interface VirtualPbxCounts {
  readonly tokens: number
  /** Answers with status 429, by quota, concurrency or fault. */
  readonly refusals: number
  readonly apiRequests: number
  readonly storageRequests: number
  /** Requests to the storage that carried credentials of any kind: there must be none. */
  readonly leakedCredentials: number
  readonly ftpRetrievals: number
  /** Connections open now, to both HTTP servers. */
  readonly openSockets: number
}

/** An archive that was asked for by e-mail. */
export interface PbxArchive {
  readonly email: ReadonlyArray<string>
  readonly startDatetime: string
  readonly endDatetime: string
  readonly recordUuids: ReadonlyArray<string>
  /** The link's end: 12 hours after the request. */
  readonly expiresAt: Date
}
