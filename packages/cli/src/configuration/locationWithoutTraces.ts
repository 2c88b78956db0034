import type { ArchiveLocation } from "@callreel/archive"
import { Effect, Redacted } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { lstat, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { systemErrorCode } from "../destination/systemError.ts"

/**
 * Where to open an archive for a look that must leave nothing behind: opening makes what is not there yet, so in its
 * place stands a temporary folder, which is removed with the scope. What is there is opened as it is.
 */
export const locationWithoutTraces = Effect.fnUntraced(function* (
  location: ArchiveLocation & { readonly base: string }
) {
  const folder = folderOf(location.url, location.base)
  const ledger = ledgerFileOf(location, folder)
  const isFolderMissing = folder !== undefined && (yield* isMissing(folder))
  const isLedgerMissing = ledger !== undefined && (yield* isMissing(ledger))
  if (!isFolderMissing && !isLedgerMissing) return location
  const temporary = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-dry-run-"))),
    (made) => Effect.promise(() => rm(made, { recursive: true, force: true }))
  )
  return {
    ...location,
    ...(isFolderMissing && { url: temporary }),
    ...(isLedgerMissing && { ledger: Redacted.make(join(temporary, "ledger.sqlite")) })
  }
})

/** The folder of an archive's address; undefined where it is none, or is not understood. */
const folderOf = (url: string, base: string): string | undefined => {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(url)) return resolve(base, url)
  if (!/^file:/i.test(url)) return undefined
  const path = Either.tryCatch(
    () => (/^file:\/\//i.test(url) ? fileURLToPath(url) : decodeURIComponent(url.slice("file:".length))),
    () => undefined
  )
  return Either.isRight(path) ? resolve(base, path.right) : undefined
}

const ledgerFileOf = (
  { base, ledger }: ArchiveLocation & { readonly base: string },
  folder: string | undefined
): string | undefined =>
  ledger === undefined
    ? folder && join(folder, ".callreel", "ledger.sqlite")
    : /^postgres(ql)?:/.test(Redacted.value(ledger))
      ? undefined
      : folderOf(Redacted.value(ledger), base)

/** Only what certainly is not there: what cannot be looked at is for the opening to tell. */
const isMissing = (path: string): Effect.Effect<boolean> =>
  Effect.promise(() =>
    lstat(path).then(
      () => false,
      (error: unknown) => systemErrorCode(error) === "ENOENT"
    )
  )
