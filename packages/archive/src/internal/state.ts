/**
 * The states of a recording and all ways between them. Pure; the ledger stores what comes out.
 *
 * No way leads out of `archived` but erasure and a file that is found to be lost, and none out of `erased`.
 */
import type { Availability, GoneWhy, Reason } from "@callreel/recording"
import { Duration } from "effect"
import type { ArchivedFile, Entry, State } from "../Entry.ts"

/** No listing and no try changes what is archived or erased. */
export const isSettled = (state: State): boolean => state === "archived" || state === "erased"

/** What a source said of a recording. */
export interface Found {
  readonly source: string
  readonly id: string
  readonly startedAt?: Date
  readonly expiresAt?: Date
  readonly availability: Availability
  /** JSON form, masked. */
  readonly recording: string
}

/** What one try to fetch led to. */
export type Outcome =
  | { readonly outcome: "archived"; readonly file: ArchivedFile; readonly suspect?: string }
  | { readonly outcome: "unavailable"; readonly why: GoneWhy | "forbidden" }
  | { readonly outcome: "pending"; readonly retryAt: Date; readonly reason: string }
  | { readonly outcome: "failed"; readonly at: Date; readonly reason: string }

/**
 * The entry after a source listed its recording; `before` itself where that says nothing new. What was unavailable and
 * is so no longer is as good as new: its tries are counted from 0 again.
 */
export const listed = (before: Entry | undefined, found: Found, now: Date): Entry => {
  const known = factsOf(found)
  if (before === undefined) return { ...known, attempts: 0, ...stateOf(found.availability, now) }
  // What is archived stays as it was when it was archived; a tombstone stays empty.
  if (isSettled(before.state)) return before
  if (before.recording === found.recording) return before
  const { availability } = found
  const kept = { ...withoutState(before), ...known }
  if (availability.state === "unavailable") {
    return { ...kept, state: "unavailable", reason: availability.reason }
  }
  if (before.state === "unavailable") return { ...kept, attempts: 0, ...stateOf(availability, now) }
  if (before.state === "failed") return { ...kept, state: "failed", ...reasonOf(before), ...retryOf(before) }
  // What has become available is due, however long it was to be waited for.
  return availability.state === "available"
    ? { ...kept, state: "pending", retryAt: now }
    : { ...kept, state: "pending", retryAt: availability.retryAt, ...reasonOf(before) }
}

/** The entry after a try to fetch it. What is archived already stays so, whatever a second try led to. */
export const tried = (before: Entry, outcome: Outcome): Entry => {
  if (isSettled(before.state)) return before
  const kept = withoutState(before)
  switch (outcome.outcome) {
    case "archived":
      return {
        ...kept,
        state: "archived",
        attempts: before.attempts,
        file: outcome.file,
        ...(outcome.suspect !== undefined && { suspect: outcome.suspect })
      }
    case "unavailable":
      return { ...kept, state: "unavailable", reason: outcome.why }
    case "pending":
      return { ...kept, state: "pending", retryAt: outcome.retryAt, reason: outcome.reason }
    case "failed":
      // Due again at once, but not to the run in which it failed.
      return {
        ...kept,
        state: "failed",
        reason: outcome.reason,
        attempts: before.attempts + 1,
        retryAt: outcome.at
      }
  }
}

/** The entry after its file was looked for and is not there, or is not what was archived: it is to be fetched again. */
export const lost = (before: Entry, now: Date): Entry => {
  if (before.state !== "archived") return before
  const { suspect: _, ...kept } = withoutState(before)
  return { ...kept, state: "pending", retryAt: now, reason: "lost" }
}

/** The tombstone: the key, when its call began, and why it was erased first. */
export const erased = (before: Entry, erasedFor: string): Entry => {
  if (before.state === "erased") return before
  const { attempts, id, source, startedAt } = before
  return { source, id, attempts, state: "erased", erasedFor, ...(startedAt !== undefined && { startedAt }) }
}

/** What a reason of a source means for the recording; undefined where it says nothing of it, but of the whole source. */
export const outcomeOf = (reason: Reason, now: Date): Outcome | undefined => {
  switch (reason._tag) {
    case "Gone":
      return { outcome: "unavailable", why: reason.why }
    case "NotFound":
      return { outcome: "unavailable", why: "absent" }
    case "Forbidden":
      return { outcome: "unavailable", why: "forbidden" }
    case "Pending":
      return { outcome: "pending", retryAt: reason.retryAt, reason: reason._tag }
    case "RateLimited": {
      const retryAt = new Date(now.getTime() + Duration.toMillis(reason.retryAfter))
      return { outcome: "pending", retryAt, reason: reason._tag }
    }
    case "Unauthorized":
      return undefined
    case "Unavailable":
    case "Truncated":
    case "InvalidResponse":
    case "InvalidQuery":
    case "Unsupported":
    case "InvalidOptions":
      return { outcome: "failed", at: now, reason: reason._tag }
  }
}

const stateOf = (availability: Availability, now: Date): Pick<Entry, "state" | "reason" | "retryAt"> => {
  switch (availability.state) {
    case "available":
      return { state: "pending", retryAt: now }
    case "pending":
      return { state: "pending", retryAt: availability.retryAt }
    case "unavailable":
      return { state: "unavailable", reason: availability.reason }
  }
}

const factsOf = ({ expiresAt, id, recording, source, startedAt }: Found) => ({
  source,
  id,
  recording,
  ...(startedAt !== undefined && { startedAt }),
  ...(expiresAt !== undefined && { expiresAt })
})

const withoutState = (entry: Entry): Omit<Entry, "state" | "reason" | "retryAt" | "file"> => {
  const { file: _file, reason: _reason, retryAt: _retryAt, state: _state, ...kept } = entry
  return kept
}

const retryOf = ({ retryAt }: Entry) => (retryAt === undefined ? {} : { retryAt })

const reasonOf = ({ reason }: Entry) => (reason === undefined ? {} : { reason })
