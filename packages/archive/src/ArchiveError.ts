import { Data } from "effect"

/**
 * What can go wrong with an archive itself; what a vendor refuses is a `RecordingError` or a recording's state instead.
 *
 * - `Destination`, `Ledger`: the place cannot be used: full, read-only, refusing, damaged.
 * - `Locked`: another process writes to the archive.
 * - `InvalidQuery`, `InvalidOptions`: the question or the set-up is wrong.
 * - `NotFound`: the archive has no such recording or file.
 * - `OnHold`: the recording is on legal hold.
 */
export type ArchiveReason =
  | "Destination"
  | "Ledger"
  | "Locked"
  | "InvalidQuery"
  | "InvalidOptions"
  | "NotFound"
  | "OnHold"

/** An archive that cannot do what it was asked to. `detail` is safe to show; `remedy` says what to do. */
export class ArchiveError extends Data.TaggedError("ArchiveError")<{
  readonly reason: ArchiveReason
  readonly detail: string
  readonly remedy?: string
}> {
  override get message(): string {
    return this.detail
  }
}
