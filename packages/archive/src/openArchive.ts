import { Effect, Redacted, type Scope } from "effect"
import { isAbsolute, join, resolve } from "node:path"
import type { Archive } from "./Archive.ts"
import { ArchiveError } from "./ArchiveError.ts"
import type { Destination } from "./Destination.ts"
import { openDestination } from "./openDestination.ts"
import type { OpenOptions } from "./internal/whereMissing.ts"
import { type LedgerLocation, openLedger } from "./openLedger.ts"

/** Where an archive is. */
export interface ArchiveLocation extends OpenOptions {
  /** `file:./archive`, a path, or `s3://bucket/prefix`. */
  readonly url: string
  /** A path, or `postgres://…`. Default for a folder: `.callreel/ledger.sqlite` in it; elsewhere it must be named. */
  readonly ledger?: Redacted.Redacted<string>
  /** The folder that relative paths begin at. Default the working folder. */
  readonly base?: string
}

/** Opens an archive and makes it where there is none, or fails. Fails where its place or its ledger cannot be used, too. */
export const openArchive = ({
  base = process.cwd(),
  ledger,
  url,
  ...options
}: ArchiveLocation): Effect.Effect<Archive, ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    const destination = yield* openDestination(url, base, options)
    const location = yield* locationOf(ledger, destination, base)
    return { destination, ledger: yield* openLedger(location, options) }
  })

const locationOf = (
  ledger: Redacted.Redacted<string> | undefined,
  { folder, name }: Destination,
  base: string
): Effect.Effect<LedgerLocation, ArchiveError> => {
  if (ledger === undefined) {
    return folder === undefined
      ? Effect.fail(
          new ArchiveError({
            reason: "InvalidOptions",
            detail: `archive.ledger: is missing; the archive ${name} has no folder to keep its ledger in`,
            remedy: `name a path, or "postgres://…"`
          })
        )
      : Effect.succeed({ file: join(folder, ".callreel", "ledger.sqlite") })
  }
  const value = Redacted.value(ledger)
  if (/^postgres(ql)?:/.test(value)) return Effect.succeed({ postgres: ledger })
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) && !value.startsWith("file:")) {
    return Effect.fail(
      new ArchiveError({ reason: "InvalidOptions", detail: `archive.ledger: is neither a path nor "postgres://…"` })
    )
  }
  const path = value.replace(/^file:(\/\/)?/, "")
  return Effect.succeed({ file: isAbsolute(path) ? path : resolve(base, path) })
}
