import type { CallWorld } from "../calls/SimulatedCall.ts"
import type { FaultPlan } from "../simulator/FaultPlan.ts"
import type { JsonValue } from "./Json.ts"

/** A release of the server. What it has and how it filters numbers depends on it. */
export type WebitelVersion = "22.12" | "23.12" | "25.02" | "25.08" | "25.10" | "25.12" | "26.04"

/** How a value that is not set is written: as its zero, not at all, as null, as `""`; or now so, now so. */
export type UnsetStyle = "zero-string" | "absent" | "null" | "empty-string" | "mixed"

/** What a file of a call holds. Only `audio` is a recording of the call. */
export type FileKind = "audio" | "screen" | "image" | "pdf" | "video"

/** What is wrong with a file that is listed: quarantined, refused by a file policy, or without its bytes. */
export type FileTrouble = "malware" | "forbidden-by-policy" | "unreadable"

/** A file, and where wanted the legs around it, beside those of the world, for a test that needs an exact one. */
export interface ExtraRecording {
  /** When the leg with the file was created, to milliseconds. */
  readonly startedAt: Date
  /** Length of the audio in seconds, or its least size in bytes (1 GiB, say), rounded up to whole frames. Default 10 s. */
  readonly durationSeconds?: number
  readonly bytes?: number
  /** The uuid of the leg that owns the file: files with the same one lie on one leg, the first says what the leg is. */
  readonly callId?: string
  /** The uuid of its parent leg, which is made, without files, where no other extra is that leg. Default: a root. */
  readonly parentId?: string
  /** How many answered legs to agents the owner has; each of them shows the owner's files. Default 0. */
  readonly children?: number
  /** Default `audio`. */
  readonly kind?: FileKind
  /** As stored. Default `audio/mpeg`, or what goes with the kind; `audio/wav` gives a WAV file. */
  readonly mimeType?: string
  /** Default 1. */
  readonly channels?: 1 | 2
  /** Default `inbound`. */
  readonly direction?: "inbound" | "outbound" | "internal"
  /** The other end's number and name. Default `+380501112233`, no name. */
  readonly number?: string
  readonly name?: string
  /** Index into the world's extensions of type `phone`. Default 0. */
  readonly extension?: number
  /** Index into the world's extensions of type `queue`. Default: no queue. */
  readonly queue?: number
  /** When the leg was answered; `null`: never. Default: `startedAt`. */
  readonly answeredAt?: Date | null
  /** The leg's payload, with values of any JSON type. Default none. */
  readonly variables?: Readonly<Record<string, JsonValue>>
  readonly tags?: ReadonlyArray<string>
  /** When the row came into the history. Default: by the mover, a second or two after the end. */
  readonly storedAt?: Date
  /** Microseconds, 0 to 999, beyond the milliseconds of `storedAt`. Default 0. */
  readonly storedAtMicroseconds?: number
  /** From when on the file is listed and served. Default: two seconds after the leg's end. */
  readonly readyAt?: Date
  /** When somebody deletes it. Default: never. */
  readonly removedAt?: Date
  /** When its retention ends. Default: by the option `retentionDays`. */
  readonly retentionUntil?: Date
  /** Default: nothing is wrong with it. */
  readonly state?: "available" | FileTrouble
  /** Only the leg, without a file. Default false. */
  readonly withoutFile?: boolean
}

/** How many rows a history query may go through, and how wide its window may be, before it takes too long. */
export interface QueryTimeout {
  readonly rows?: number
  readonly milliseconds?: number
}

/** Everything that can be set; a test names only what it is about. */
export interface WebitelOptions {
  /** Decides ids, tokens and all other chance. Default `webitel`. */
  readonly seed?: string
  /** The calls. Default: 300 calls from January to March 2026, by the seed. */
  readonly world?: CallWorld
  readonly extraRecordings?: ReadonlyArray<ExtraRecording>
  /** The simulator's clock: rows and files appear, retention ends and tokens expire by it. Default: the real time. */
  readonly now?: () => Date
  /** Default: nothing goes wrong. */
  readonly faults?: FaultPlan
  /** Default `26.04`. */
  readonly version?: WebitelVersion
  /** Default `mixed`. */
  readonly unset?: UnsetStyle
  /** Whether 64-bit integers of history, queues and userinfo are strings (default) or numbers. */
  readonly int64?: "string" | "number"
  /** What an error of the gateway looks like: the error itself, or a status with the error's JSON in its message. */
  readonly errorEnvelope?: "error" | "status"
  /** A query beyond this answers 500. Default: none does. */
  readonly queryTimeout?: QueryTimeout
  /** Most bytes of a history answer before it fails. Default 16 MiB. */
  readonly messageCap?: number
  /** Rows are moved into the history so many at a time, all with one `stored_at`, to the microsecond. Default 1. */
  readonly batchSize?: number
  /** Calls begin in groups of so many, in the same millisecond. Default 1. */
  readonly equalCreatedAt?: number
  /** History and files are read so many milliseconds behind the clock. Default 0. */
  readonly replicationLag?: number
  /** Share of files (0 to 1) whose first request answers 404 although they are there. Default 0. */
  readonly transient404?: number
  /** Share of files (0 to 1) whose first body breaks off under a full Content-Length. Default 0. */
  readonly shortBodies?: number
  /** Files of calls are kept so many days. Default: for ever. */
  readonly retentionDays?: number
  /** Most bytes a second of one file. Default: no limit. */
  readonly speed?: number
  /** `period_to_playback_records`: how far back a time-limited token sees. Default 30. */
  readonly periodDays?: number
  /** Whether a `sort` that passes as raw SQL is refused with 400 (default) or, where it is a list of columns, done. */
  readonly rawSort?: "refused" | "honoured"
  /** Whether `Authorization: Bearer` and `?access_token=` are taken for credentials below /api too. Default `refused`. */
  readonly bearer?: "refused" | "accepted"
  /** Whether rows name the queue beside its id (default), or leave the name out. */
  readonly queueNames?: "told" | "missing"
  /** For how long the storage goes by a session it has looked up, in seconds. Default 300. */
  readonly sessionCacheSeconds?: number
  /** How numbers are masked for who may not see them. Default: from 6 characters on, 3 and 2 are left. */
  readonly numberMask?: { readonly least: number; readonly prefix: number; readonly suffix: number }
}

/** Why a request for the file fails, by the simulator's clock now. */
export type FileState = "available" | "not-ready" | "expired" | "removed" | FileTrouble

/** What is true of one audio file of a call, for tests to compare with. Where nothing else is said, of its root leg. */
export interface RecordingTruth {
  readonly fileId: string
  /** The leg on which the recording was started. */
  readonly callId: string
  /** The owner, or its uppermost parent. */
  readonly rootId: string
  /** Every leg whose row shows the file: the owner, then its children. */
  readonly legIds: ReadonlyArray<string>
  readonly startedAt: Date
  readonly answeredAt: Date | undefined
  readonly endedAt: Date
  readonly direction: "inbound" | "outbound" | "internal"
  /** What the call as a whole was: an outcome of the world's calls. */
  readonly outcome: string
  readonly fromNumber: string
  readonly fromName: string | undefined
  /** The number in `to`, or in `destination` where the root has no `to`. */
  readonly toNumber: string
  readonly toName: string | undefined
  /** Of the owner, or else of the first of its children that was bridged. */
  readonly extension: { readonly id: string; readonly number: string; readonly name: string } | undefined
  readonly agent: { readonly id: string; readonly name: string } | undefined
  readonly queue: { readonly id: string; readonly name: string } | undefined
  /** Of the owner, as its row tells them. */
  readonly variables: Readonly<Record<string, string>>
  /** Of the owner. */
  readonly tags: ReadonlyArray<string>
  readonly name: string
  /** As the history tells it (`audio/mp3`), and as the download does. */
  readonly mimeType: string
  readonly mediaType: "audio/mpeg" | "audio/wav"
  readonly channels: 1 | 2
  readonly bytes: number
  /** True length of the audio. */
  readonly durationSeconds: number
  /** SHA-512 of the audio in lower-case hexadecimal; reads it through. */
  readonly sha512: () => string
  /** When the owner's row came into the history, cut to milliseconds. */
  readonly storedAt: Date
  /** From when on the file is listed. */
  readonly readyAt: Date
  /** By the clock when it is read. */
  readonly state: FileState
  readonly scenario: string
  /** The owner's row with every field, as a token with all permissions gets it now; undefined until it is there. */
  readonly row: Readonly<Record<string, unknown>> | undefined
}

/** Counters of what the simulator saw. */
export interface WebitelCounts {
  readonly historyRequests: number
  readonly streamRequests: number
  readonly downloadRequests: number
  /** Answers with status 429; they come from faults only. */
  readonly refusals: number
  /** Requests with a token in their address. */
  readonly tokensInUrl: number
  /** Requests whose `sort` passes as raw SQL. */
  readonly rawSorts: number
  /** Bytes of all history answers. */
  readonly bytesOfHistory: number
  /** Connections open now. */
  readonly openSockets: number
}

/** A message of the exchange `call`. */
export interface AmqpHangup {
  readonly exchange: "call"
  /** `events.hangup.<application>.<domain>.<user>` */
  readonly routingKey: string
  readonly contentType: "application/json"
  readonly body: string
  /** The body as an object; its `data` is a JSON text again. */
  readonly fields: Readonly<Record<string, string>>
}

/** What a flow's `httpRequest` after a call sends to a customer's web server. Its keys are the customer's choice. */
export interface FlowEvent {
  readonly method: "POST"
  readonly contentType: "application/json"
  readonly body: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * A value of a database row. `timestamptz` is text with microseconds, `bigint` text of digits, `jsonb` its JSON text;
 * arrays are arrays.
 */
export type DatabaseValue = string | number | boolean | null | ReadonlyArray<string | number>

/** A row by its column names. */
export type DatabaseRow = Readonly<Record<string, DatabaseValue>>

/** The data at the clock's time as rows of the server's tables; each is made as it is read. */
export interface WebitelDataSet {
  /** Our own statements for the tables: `CREATE SCHEMA`, `CREATE TABLE` and the indexes that matter. */
  readonly ddl: string
  /** The table of each list of rows, with its schema. */
  readonly tables: Readonly<Record<Exclude<keyof WebitelDataSet, "ddl" | "tables">, string>>
  readonly calls: Iterable<DatabaseRow>
  readonly files: Iterable<DatabaseRow>
  readonly uploadJobs: Iterable<DatabaseRow>
  readonly transcripts: Iterable<DatabaseRow>
  readonly queues: Iterable<DatabaseRow>
  readonly users: Iterable<DatabaseRow>
  readonly agents: Iterable<DatabaseRow>
  readonly teams: Iterable<DatabaseRow>
  readonly gateways: Iterable<DatabaseRow>
}
