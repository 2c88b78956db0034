import { Truncated, type Reason } from "@callreel/recording"
import { Effect, type Scope } from "effect"
import type { Segment } from "../AudioStream.ts"
import { invalid } from "../HttpError.ts"
import type { ReadBody } from "./httpBody.ts"
import { strongTag } from "./mediaHeaders.ts"
import type { MediaOpener, OpenedMedia } from "./mediaOpening.ts"
import type { Plan } from "./mediaPlan.ts"

/** A reader without the first `bytes` of another. */
export const skipping = (read: ReadBody, bytes: number): ReadBody => {
  if (bytes === 0) return read
  let left = bytes
  return Effect.gen(function* () {
    for (;;) {
      const part = yield* read
      if (part === undefined || left === 0) return part
      const rest = part.subarray(left)
      left = Math.max(0, left - part.byteLength)
      if (rest.byteLength > 0) return rest
    }
  })
}

const totalOf = (media: OpenedMedia): number | undefined =>
  media.status === 206 ? media.contentRange?.total : media.contentLength

type Sameness = "same" | "changed" | "other length" | "unknown"

/** Whether two answers are of the same file, by entity tag, else by date, and by total length wherever both tell it. */
export const sameFile = (first: OpenedMedia, later: OpenedMedia, total: number | undefined): Sameness => {
  const laterTotal = totalOf(later)
  const length =
    total === undefined || laterTotal === undefined ? "unknown" : total === laterTotal ? "same" : "other length"
  for (const name of ["etag", "last-modified"]) {
    const [before, after] = [first.headers.get(name), later.headers.get(name)]
    if (before === null || after === null) continue
    if (before !== after) return "changed"
    return length === "unknown" ? "same" : length
  }
  return length
}

const changed = () => invalid("the audio changed while it was read")
const otherLength = (total = 0, later = 0) => new Truncated({ expected: total, received: later })
const cannotGoOn = () => invalid("the audio broke off, and the server cannot go on where it did")

/** Where it was promised how long the audio is, the server may do better the next time, or the rest is missing. */
const brokenOff = ({ end, start }: Plan, position: number): Reason =>
  end === undefined ? cannotGoOn() : new Truncated({ expected: end - start, received: position - start })

/** What resuming needs to know of the file as it was first opened. */
export interface Original {
  readonly open: MediaOpener
  readonly media: OpenedMedia
  readonly plan: Plan
  /** The last byte that was asked for, where one was. */
  readonly lastAsked: number | undefined
}

type Reopened = Effect.Effect<OpenedMedia | undefined, Reason, Scope.Scope>

const openFrom = ({ open, media, plan, lastAsked }: Original, position: number): Reopened => {
  if (position === 0) return open(undefined)
  const opened = open({ start: position, end: lastAsked, ifRange: strongTag(media.headers) })
  // 416 after a body of unknown length: all of it was delivered.
  return Effect.catchTag(opened, "InvalidQuery", (): Reopened =>
    plan.end === undefined ? Effect.undefined : Effect.fail(changed())
  )
}

/**
 * Opens the rest of a file from a position on: by a range request, or, where the server answers with the whole file, by
 * skipping what was delivered already. Undefined where the file ends there.
 */
export const resumption = Effect.fnUntraced(function* (
  original: Original,
  position: number
): Effect.fn.Return<Segment | undefined, Reason, Scope.Scope> {
  // Positions in a compressed body are not those in the file.
  if (original.media.encoded && position > 0) return yield* cannotGoOn()
  const later = yield* openFrom(original, position)
  if (later === undefined) return undefined
  const sameness = sameFile(original.media, later, original.plan.total)
  if (sameness === "changed") return yield* changed()
  // An error page, or the file cut short with a length that agrees: the next answer may be whole again.
  if (sameness === "other length") return yield* otherLength(original.plan.total, totalOf(later))
  if (later.status === 206) {
    if (later.contentRange?.start !== position) return yield* invalid("another part of the audio than was asked for")
    return { read: later.read, end: later.contentRange.end + 1 }
  }
  if (position > 0 && sameness === "unknown") return yield* brokenOff(original.plan, position)
  return { read: skipping(later.read, position), end: later.contentLength }
})
