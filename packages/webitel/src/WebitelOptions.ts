import {
  defaultPendingFor,
  DurationText,
  InstantText,
  NonEmptyText,
  optionsOf,
  parseDuration,
  Region,
  Secret
} from "@callreel/recording"
import type { Duration } from "effect"
import * as t from "io-ts"

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

/** Longest silence to bear; undefined where none is configured. */
export const idleTimeoutOf = ({ idleTimeout }: WebitelOptions): Duration.Duration | undefined =>
  idleTimeout === undefined ? undefined : parseDuration(idleTimeout)
