/** One recording as the archive knows it. */
import type { GoneWhy } from "@callreel/recording"

/**
 * Where a recording stands.
 *
 * `pending` is everything still to be fetched: just listed, not ready at the vendor, or put off; `retryAt` says when.
 * `erased` is a tombstone: its audio and personal data are gone from the archive, and it never comes back.
 */
export type State = "archived" | "pending" | "unavailable" | "failed" | "erased"

/** The states that every count has. */
export const states = ["archived", "pending", "unavailable", "failed", "erased"] as const satisfies ReadonlyArray<State>

/** Why a recording is unavailable. */
export type UnavailableWhy = GoneWhy | "forbidden"

/** The audio file in the archive, as its bytes say. */
export interface ArchivedFile {
  /** In the archive, with `/`. */
  readonly path: string
  readonly bytes: number
  /** SHA-512 of the bytes, 128 hexadecimal digits. */
  readonly sha512: string
  /** Normalised, as the vendor's answer said. */
  readonly mediaType: string
  /** Measured. */
  readonly durationSeconds?: number
  readonly codec?: string
  readonly channels?: number
  /** Bits a second. */
  readonly bitrate?: number
  readonly archivedAt: Date
  /** When the bytes were last read again and found good. */
  readonly verifiedAt?: Date
}

/** A recording's row in the ledger. */
export interface Entry {
  readonly source: string
  readonly id: string
  readonly state: State
  /** Unavailable: why. Failed and pending: the reason of the last try, such as `Truncated`. */
  readonly reason?: string
  /** Tries that failed, since the recording was last listed as new. */
  readonly attempts: number
  /** Pending: no try before. Failed: when it failed; the next run tries it once more. */
  readonly retryAt?: Date
  /** When the call began. */
  readonly startedAt?: Date
  /** When the vendor deletes it, where that is known: those are fetched first. */
  readonly expiresAt?: Date
  /** The Recording in its JSON form, link secrets masked; nothing of it in a tombstone. */
  readonly recording?: string
  readonly file?: ArchivedFile
  /** How the file differs from what the vendor had reported. */
  readonly suspect?: string
  /** Why it may not be erased. */
  readonly heldFor?: string
  /** Why it was erased. */
  readonly erasedFor?: string
}
