import {
  defaultPendingFor,
  DurationText,
  InstantText,
  NonEmptyText,
  oneOf,
  optionsOf,
  Region,
  Secret,
  parseDuration
} from "@callreel/recording"
import type { Duration } from "effect"
import * as t from "io-ts"

/** Whose recordings: of the client (account), of one extension group, or of one extension; by id or `@me`. */
export const PbxScope = t.union(
  [
    optionsOf("ClientScope", { client: NonEmptyText }, {}),
    optionsOf("ExtensionGroupScope", { extensionGroup: NonEmptyText }, {}),
    optionsOf("ExtensionScope", { extension: NonEmptyText }, {})
  ],
  '{ "client": … }, { "extensionGroup": … } or { "extension": … }'
)
export type PbxScope = t.TypeOf<typeof PbxScope>

/**
 * A way to the audio: `storage` (permanent link, needs no login, preferred by the platform), `api` (through the API),
 * `basic` (HTTP Basic, with a user's own password), `ftp`.
 */
export const AudioWay = oneOf("storage", "api", "basic", "ftp")
export type AudioWay = t.TypeOf<typeof AudioWay>

const BasicOptions = optionsOf("BasicOptions", { login: NonEmptyText, password: Secret }, {})

const FtpOptions = optionsOf(
  "FtpOptions",
  { host: NonEmptyText, user: NonEmptyText, password: Secret },
  {
    /** Default 21. */
    port: t.number,
    /** FTP over TLS, asked for after connecting (explicit). Default true: passwords do not travel in the clear. */
    secure: t.boolean
  }
)
export type FtpOptions = t.TypeOf<typeof FtpOptions>

/** Options of a virtual PBX, as they stand in `callreel.json` (docs/vendors/virtual-pbx.md#options). */
export const VirtualPbxOptions = optionsOf(
  "VirtualPbxOptions",
  {
    /** Address of the operator's API host, such as `https://apiproxy.example`; the paths below it are known. */
    baseUrl: NonEmptyText,
    /** Id and secret of a trusted application registered at the PBX. */
    clientId: NonEmptyText,
    clientSecret: Secret
  },
  {
    /** Default `{ client: "@me" }`. */
    scope: PbxScope,
    /** Origins of the operator's storage; links to private addresses are followed only there. */
    storageOrigins: t.array(NonEmptyText),
    /** Further origins of the API, to which it may redirect: they get the credentials too. */
    trustedOrigins: t.array(NonEmptyText),
    /** Which ways to the audio are tried, in this order. Default `["storage", "api"]`. */
    audioVia: t.array(AudioWay),
    basic: BasicOptions,
    ftp: FtpOptions,
    /** Region for numbers without a country code. */
    region: Region,
    /** How long after a call's end its recording may still come. Default `24 hours`. */
    pendingFor: DurationText,
    /** Where `changes` begins without a checkpoint. */
    since: InstantText,
    /** Longest silence of the platform or the storage before a request is given up and tried again. Default `15 seconds`. */
    idleTimeout: DurationText,
    /** Allow plain http elsewhere than on loopback. */
    allowInsecure: t.boolean
  }
)
export type VirtualPbxOptions = t.TypeOf<typeof VirtualPbxOptions>

/** How long after a call's end its recording may still come. */
export const pendingForOf = ({ pendingFor }: VirtualPbxOptions): Duration.Duration =>
  (pendingFor && parseDuration(pendingFor)) || defaultPendingFor

/** Longest silence to bear; undefined where none is configured. */
export const idleTimeoutOf = ({ idleTimeout }: VirtualPbxOptions): Duration.Duration | undefined =>
  idleTimeout === undefined ? undefined : parseDuration(idleTimeout)
