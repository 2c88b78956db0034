import { Effect } from "effect"
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { ArchiveError } from "../../ArchiveError.ts"
import { systemErrorCode } from "../systemError.ts"
import { outputError } from "./outputError.ts"

/**
 * Makes a folder whose content is there as a whole or not at all: it is filled beside its place, under the name
 * `.<name>.partial`, and then renamed. When that fails or is interrupted, nothing stays; what a killed run left is removed
 * by the next one.
 *
 * Fails with `InvalidOptions` where the folder is there and not empty.
 */
export const inNewFolder = <A>(
  folder: string,
  fill: (folder: string) => Effect.Effect<A, ArchiveError>
): Effect.Effect<A, ArchiveError> => {
  const target = resolve(folder)
  const partial = join(dirname(target), `.${basename(target)}.partial`)
  const attempt = <B>(run: () => Promise<B>): Effect.Effect<B, ArchiveError> =>
    Effect.tryPromise({ try: run, catch: (error) => outputError(target, error) })
  const remove = attempt(() => rm(partial, { recursive: true, force: true }))
  return Effect.gen(function* () {
    const isThere = yield* refuseFull(target)
    const filled = Effect.gen(function* () {
      yield* remove
      yield* attempt(() => mkdir(partial, { recursive: true, mode: 0o700 }))
      const result = yield* fill(partial)
      if (isThere) yield* attempt(() => rmdir(target))
      yield* attempt(() => rename(partial, target))
      return result
    })
    return yield* Effect.onExit(filled, (exit) => (exit._tag === "Success" ? Effect.void : Effect.ignore(remove)))
  })
}

/** Whether the folder is there already, and empty. */
const refuseFull = (target: string): Effect.Effect<boolean, ArchiveError> =>
  Effect.flatMap(
    Effect.tryPromise({
      try: () =>
        readdir(target).catch((error: unknown) =>
          systemErrorCode(error) === "ENOENT" ? undefined : Promise.reject(error)
        ),
      catch: (error) => outputError(target, error)
    }),
    (names) =>
      names === undefined || names.length === 0
        ? Effect.succeed(names !== undefined)
        : Effect.fail(
            new ArchiveError({
              reason: "InvalidOptions",
              detail: `${target} is not empty, and nothing in it is overwritten`,
              remedy: "name a folder that is not there yet"
            })
          )
  )
