/** Who holds an archive, as it is kept beside the lock and told to others. Pure. */
import { parseInstant } from "@callreel/recording"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { ArchiveError } from "../../ArchiveError.ts"
import type { LockOwner } from "../../Ledger.ts"

const OwnerJson = t.type({ host: t.string, process: t.number, since: t.string })

/** The owner as text. */
export const ownerText = ({ host, process, since }: LockOwner): string =>
  JSON.stringify({ host, process, since: since.toISOString() })

/** The owner of a text; undefined where it is none. */
export const ownerOf = (text: string): LockOwner | undefined => {
  const json = Either.tryCatch(
    (): unknown => JSON.parse(text),
    () => undefined
  )
  const owner = Either.isRight(json) ? OwnerJson.decode(json.right) : json
  const since = Either.isRight(owner) ? parseInstant(owner.right.since) : undefined
  return Either.isRight(owner) && since !== undefined ? { ...owner.right, since } : undefined
}

/** The error of whoever comes second. */
export const lockedBy = (name: string, owner: LockOwner | undefined): ArchiveError =>
  new ArchiveError({
    reason: "Locked",
    detail:
      owner === undefined
        ? `another process writes to the archive with the ledger ${name}`
        : `process ${owner.process} on ${owner.host} writes to the archive with the ledger ${name} since ${owner.since.toISOString()}`,
    remedy: "wait until it has ended; the lock ends with its process"
  })
