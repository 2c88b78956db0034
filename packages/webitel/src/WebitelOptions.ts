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
import type { Duration } from "effect"
import * as t from "io-ts"

const WebitelDatabase = optionsOf(
  "WebitelDatabase",
  {
    /** `postgres://user:password@host:5432/webitel`; a user that may read, best of a replica. */
    url: Secret
  },
  {
    /** How long one query may take. Default `10 seconds`. */
    statementTimeout: DurationText
  }
)

/** Options of a Webitel domain, as they stand in `callreel.json` (docs/vendors/webitel.md#options). */
export const WebitelOptions = optionsOf(
  "WebitelOptions",
  {
    /** Address of the Webitel host, such as `https://webitel.example`; the paths below it are known. */
    baseUrl: NonEmptyText,
    /** A user's access token. */
    accessToken: Secret
  },
  {
    /** Further origins of the host, to which it may redirect: they get the token too. */
    trustedOrigins: t.array(NonEmptyText),
    /** On site: reads the history from the server's database in place of its API. Audio comes over HTTP, or from `files`. */
    database: WebitelDatabase,
    /** On site: where the files of each storage profile lie, by its id, or `default`: `file:///folder`, `s3://bucket/prefix`. */
    files: t.record(t.string, NonEmptyText),
    /** What of a recording is read beside its row, into its `raw`; costs requests of its own. */
    include: t.array(oneOf("transcripts")),
    /** Only calls whose variables have these values, exactly. Default: all calls. */
    variables: t.record(t.string, t.string),
    /** Region for numbers without a country code. */
    region: Region,
    /** How long after a call's end its recording may still come. Default `24 hours`. */
    pendingFor: DurationText,
    /** Where `changes` begins without a checkpoint. */
    since: InstantText,
    /** Longest silence of the host before a request is given up and tried again. Default `15 seconds`. */
    idleTimeout: DurationText,
    /** Allow plain http elsewhere than on loopback. */
    allowInsecure: t.boolean
  }
)
export type WebitelOptions = t.TypeOf<typeof WebitelOptions>

/** How long after a call's end its recording may still come. */
export const pendingForOf = ({ pendingFor }: WebitelOptions): Duration.Duration =>
  (pendingFor && parseDuration(pendingFor)) || defaultPendingFor

/** Whether transcripts are read. */
export const includesTranscripts = ({ include }: WebitelOptions): boolean => include?.includes("transcripts") === true

/** How long one query of the database may take; undefined where none is configured. */
export const statementTimeoutOf = ({ database }: WebitelOptions): Duration.Duration | undefined =>
  database?.statementTimeout === undefined ? undefined : parseDuration(database.statementTimeout)

/** Longest silence to bear; undefined where none is configured. */
export const idleTimeoutOf = ({ idleTimeout }: WebitelOptions): Duration.Duration | undefined =>
  idleTimeout === undefined ? undefined : parseDuration(idleTimeout)
