import type { Reason, RecordingError } from "@callreel/recording"
import { Data } from "effect"

/** Every reason that an error line can carry: those of the sources, and the command's own. */
export type FailureReason =
  | Reason["_tag"]
  | "Destination"
  | "Ledger"
  | "Locked"
  | "OnHold"
  | "Checksum"
  | "Incomplete"
  | "Unexpected"

/**
 * What goes wrong in the command itself, outside any source: the command line (`InvalidQuery`), the configuration
 * (`InvalidOptions`), the place where the audio should go (`Destination`), or the archive.
 *
 * `operation` is the command, or `configure` while the configuration is read. `remedy` is what to do about it.
 */
export class CommandError extends Data.TaggedError("CommandError")<{
  readonly reason: "InvalidQuery" | "InvalidOptions" | "NotFound" | "Destination" | "Ledger" | "Locked" | "OnHold"
  readonly operation: string
  readonly source?: string
  readonly detail: string
  readonly remedy?: string
}> {
  override get message(): string {
    return this.source === undefined ? this.detail : `${this.source}: ${this.detail}`
  }
}

/** The reader of our output went away (`callreel list | head`): the end of the work, and no error. */
export class OutputClosed extends Data.TaggedError("OutputClosed") {}

/** Failures that were printed while the rest went on; only the exit code is left to say. */
export class AlreadyReported extends Data.TaggedError("AlreadyReported")<{ readonly exitCode: number }> {}

/** What has a reason and can be reported. */
export type Failure = RecordingError | CommandError

/** The command line asks for something that cannot be. */
export const usageError = (operation: string, detail: string, remedy?: string): CommandError =>
  new CommandError({ reason: "InvalidQuery", operation, detail, ...(remedy === undefined ? {} : { remedy }) })

/** Names the source that the command was about, in errors that do not name one themselves. */
export const ofSource =
  (source: string) =>
  <E>(error: E): E | CommandError => {
    if (!(error instanceof CommandError) || error.source !== undefined) return error
    const { detail, operation, reason, remedy } = error
    return new CommandError({ reason, operation, source, detail, ...(remedy === undefined ? {} : { remedy }) })
  }
