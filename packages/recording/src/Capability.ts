/** Who applies a filter of {@link RecordingQuery}: the vendor, callreel after the answer, or nobody (asking is `Unsupported`). */
export type FilterSupport = "vendor" | "here" | "unsupported"

/** The order in which the vendor can list; with only one, the other is made by walking the window in slices. */
export type NativeOrder = "newest-first" | "oldest-first" | "both" | "none"

/**
 * What a source can do, carry and cost: a flat record, the same keys for every adapter.
 *
 * Grammar of the names: an operation (`stats`), an operation with a parameter (`listByQueue`), a limit with its unit
 * (`listMaxWindowDays`), what answers carry (`hasBytes`), a cost (`getIsSlow`).
 */
export interface Capability {
  // Operations beside list, get, find, audio and check, which every source has.
  /** `changes`: what is new or changed since a checkpoint. */
  readonly changes: boolean
  /** `link`: an address of the audio for other programs. */
  readonly link: boolean
  /** `stats`: the vendor's own count and total size of a window. */
  readonly stats: boolean
  /** `remove`: delete one recording at the vendor. */
  readonly remove: boolean
  /** `removeWindow`: delete all recordings of a window at the vendor. */
  readonly removeWindow: boolean
  /** `requestArchive`: the vendor packs a window and sends a link by e-mail. */
  readonly requestArchive: boolean
  /** `notification`: understand the vendor's webhook requests. */
  readonly notification: boolean

  // Parameters.
  readonly listByDirection: FilterSupport
  readonly listByNumber: FilterSupport
  readonly listByExtension: FilterSupport
  readonly listByQueue: FilterSupport
  readonly listOrder: NativeOrder
  /** `find` by the vendor's call id. */
  readonly findByCallId: boolean
  /** `find` by a vendor event's payload. */
  readonly findByEvent: boolean
  /** `audio` with a byte range without reading what lies before it. */
  readonly audioWithRange: boolean

  // Limits; a key that is missing means that no such limit is known.
  /** Longest window of one vendor request, in days. `list` itself takes any length. */
  readonly listMaxWindowDays?: number
  /** Most rows of one vendor answer. */
  readonly listPageSize?: number
  /** Requests a minute that the vendor documents for an account. */
  readonly requestsPerMinute?: number
  /** How far back `changes` looks again for rows that appear late, in hours. */
  readonly changesRescanHours?: number
  /** How long the vendor keeps audio after the call, in days. */
  readonly retentionDays?: number

  // What recordings of this source carry.
  readonly hasBytes: boolean
  readonly hasDuration: boolean
  readonly hasChecksum: boolean
  readonly hasMediaType: boolean
  readonly hasQueue: boolean

  // Costs.
  /** `get` needs more than one vendor request. */
  readonly getIsSlow: boolean
  /** Requests against the vendor's limits for the audio of one listed recording, in the usual case. */
  readonly audioRequests: number
}
