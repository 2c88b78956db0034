import type { RecordingError, RecordingSource } from "@callreel/recording"
import { Clock, Effect, Stream } from "effect"
import type { Archive } from "./Archive.ts"
import { ArchiveError } from "./ArchiveError.ts"
import type { Entry } from "./Entry.ts"

/** What can be deleted at a vendor: recordings that are archived, and were read back from the archive and found good since. */
export interface PrunePlan {
  readonly recordings: number
  readonly bytes: number
  /** Archived before the instant, but not verified since they were archived, or on hold: these stay. */
  readonly unverified: number
  readonly held: number
}

/** Counts what {@link pruneSource} would delete, and tells `chosen` of each. */
export const planPrune = (
  { ledger }: Pick<Archive, "ledger">,
  source: string,
  archivedBefore: Date,
  chosen: (entry: Entry) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<PrunePlan, ArchiveError> =>
  Effect.flatMap(removedBefore({ ledger }, source), (done) =>
    Stream.runFoldEffect(
      Stream.flattenIterable(ledger.entries({ source, states: ["archived"] })),
      (): PrunePlan => ({ recordings: 0, bytes: 0, unverified: 0, held: 0 }),
      (plan, entry) => {
        const verdict = done.has(entry.id) ? "too-new" : verdictOn(entry, archivedBefore)
        return Effect.as(verdict === "delete" ? chosen(entry) : Effect.void, counted(plan, entry, verdict))
      }
    )
  )

const counted = (plan: PrunePlan, { file }: Entry, verdict: Verdict): PrunePlan => {
  switch (verdict) {
    case "delete":
      return { ...plan, recordings: plan.recordings + 1, bytes: plan.bytes + (file?.bytes ?? 0) }
    case "unverified":
      return { ...plan, unverified: plan.unverified + 1 }
    case "held":
      return { ...plan, held: plan.held + 1 }
    case "too-new":
      return plan
  }
}

/**
 * Deletes at the vendor what is archived and verified, one recording after another, and records each deletion for good.
 * Stops at the first surprise; what the vendor has no more is none. Gives how many were deleted.
 */
export const pruneSource = (
  archive: Archive,
  source: RecordingSource,
  archivedBefore: Date,
  deleted: (entry: Entry) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<number, ArchiveError | RecordingError> =>
  Effect.gen(function* () {
    yield* archive.ledger.lock
    const done = yield* removedBefore(archive, source.name)
    let count = 0
    yield* Stream.runForEach(
      Stream.flattenIterable(archive.ledger.entries({ source: source.name, states: ["archived"] })),
      (entry) =>
        Effect.gen(function* () {
          if (verdictOn(entry, archivedBefore) !== "delete" || done.has(entry.id)) return
          yield* mustBeThere(archive, entry)
          if (!(yield* isRemovedNow(source, entry))) return
          const at = new Date(yield* Clock.currentTimeMillis)
          yield* archive.ledger.log({
            at,
            action: "removed-at-vendor",
            source: entry.source,
            id: entry.id,
            detail: `archived as ${entry.file?.path ?? ""}`
          })
          count += 1
          yield* deleted(entry)
        })
    )
    return count
  }).pipe(Effect.scoped)

/** False where the vendor has it no more: a run was killed before it could log that, or a retention was faster. */
const isRemovedNow = (source: RecordingSource, { id, startedAt }: Entry): Effect.Effect<boolean, RecordingError> =>
  source.remove({ id, ...(startedAt && { startedAt }) }).pipe(
    Effect.as(true),
    Effect.catchTag("RecordingError", (error) =>
      error.reason._tag === "NotFound" ? Effect.succeed(false) : Effect.fail(error)
    )
  )

type Verdict = "delete" | "unverified" | "held" | "too-new"

const verdictOn = ({ file, heldFor }: Entry, archivedBefore: Date): Verdict => {
  if (file === undefined || file.archivedAt >= archivedBefore) return "too-new"
  if (heldFor !== undefined) return "held"
  return file.verifiedAt !== undefined && file.verifiedAt >= file.archivedAt ? "delete" : "unverified"
}

const removedBefore = (
  { ledger }: Pick<Archive, "ledger">,
  source: string
): Effect.Effect<ReadonlySet<string>, ArchiveError> =>
  Stream.runFold(
    Stream.flattenIterable(ledger.logged),
    () => new Set<string>(),
    (ids, record) => (record.action === "removed-at-vendor" && record.source === source ? ids.add(record.id) : ids)
  )

/** The last look before what cannot be undone. */
const mustBeThere = ({ destination }: Archive, { file, id, source }: Entry): Effect.Effect<void, ArchiveError> =>
  Effect.gen(function* () {
    const stored = file === undefined ? undefined : yield* destination.stat(file.path)
    if (stored === undefined || stored.bytes !== file?.bytes) {
      return yield* new ArchiveError({
        reason: "NotFound",
        detail: `the archive's file of ${source}:${id} is missing or has another size; nothing more is deleted`,
        remedy: "run callreel verify"
      })
    }
  })
