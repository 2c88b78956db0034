/** What to do where there is no archive yet. */
import { Effect } from "effect"
import { lstat } from "node:fs/promises"
import { ArchiveError } from "../ArchiveError.ts"
import { systemErrorCode } from "./systemError.ts"

/** How to open an archive, or a part of it. */
export interface OpenOptions {
  /** `make` it where there is none (the default), or `fail` with `NotFound`. */
  readonly whereMissing?: "make" | "fail"
}

/** Fails where nothing has this path. What cannot be looked at is for the opening to tell. */
export const mustExist = (path: string, { whereMissing = "make" }: OpenOptions): Effect.Effect<void, ArchiveError> =>
  whereMissing === "make"
    ? Effect.void
    : Effect.promise(() =>
        lstat(path).then(
          () => true,
          (error: unknown) => systemErrorCode(error) !== "ENOENT"
        )
      ).pipe(Effect.flatMap((isThere) => (isThere ? Effect.void : Effect.fail(noArchive(path)))))

/** There is no archive where one was looked for. */
export const noArchive = (place: string): ArchiveError =>
  new ArchiveError({
    reason: "NotFound",
    detail: `there is no archive yet: nothing is at ${place}`,
    remedy: "callreel sync makes it; is the address right?"
  })
