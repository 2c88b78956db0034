/** What came into the server with which release. */
import type { WebitelVersion } from "./WebitelOptions.ts"

export interface Abilities {
  /** The `number` filter goes over one text of all the numbers of a call; before, over three columns one by one. */
  readonly joinedNumbers: boolean
  /** Time-limited playback. */
  readonly timeLimited: boolean
  readonly startRecord: boolean
  readonly channel: boolean
  /** `type`, the name `audio/mp3` for `audio/mpeg`, and the listing of a call's files. */
  readonly fileType: boolean
}

/** Releases are named by year and month, so that their names sort as they came. */
export const abilitiesOf = (version: WebitelVersion): Abilities => ({
  joinedNumbers: version >= "23.12",
  timeLimited: version >= "25.02",
  startRecord: version >= "25.08",
  channel: version >= "25.10",
  fileType: version >= "25.12"
})
