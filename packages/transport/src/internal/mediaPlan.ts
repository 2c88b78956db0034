/** What a media answer will deliver, decided from its headers alone. */
import { InvalidQuery, Truncated, type ByteRange, type DeliveredRange, type Reason } from "@callreel/recording"
import { Result } from "effect"
import { invalid } from "../HttpError.ts"
import type { ContentRange } from "./mediaHeaders.ts"

/** The headers that matter, and what was asked for. */
export interface Delivery {
  readonly status: number
  readonly contentLength: number | undefined
  readonly contentRange: ContentRange | undefined
  readonly range: ByteRange | undefined
  readonly expectedBytes: number | undefined
}

/** Positions in the whole file, ends exclusive. */
export interface Plan {
  /** The first byte to deliver. */
  readonly start: number
  /** Where delivery ends; undefined where nobody knows. */
  readonly end: number | undefined
  /** Where this answer's body begins: before `start` where the server ignored the range. */
  readonly bodyStart: number
  /** Where this answer's body ends, where it says so: before `end` where the server sends a part unasked. */
  readonly bodyEnd: number | undefined
  /** Size of the whole file. */
  readonly total: number | undefined
  /** Whether the caller asked for a part. */
  readonly partial: boolean
}

type Planned = Result.Result<Plan, Reason>

const beyond = (): Planned =>
  Result.fail(new InvalidQuery({ field: "range", detail: "begins after the end of the audio" }))

const whole = ({ contentLength, range, expectedBytes }: Delivery): Planned => {
  if (contentLength === 0) return Result.fail(invalid("the audio is empty"))
  if (expectedBytes !== undefined && contentLength !== undefined && contentLength !== expectedBytes) {
    return Result.fail(new Truncated({ expected: expectedBytes, received: contentLength }))
  }
  const total = contentLength ?? expectedBytes
  const body = { bodyStart: 0, bodyEnd: contentLength, total }
  if (range === undefined) return Result.succeed({ ...body, start: 0, end: total, partial: false })
  if (total !== undefined && range.start >= total) return beyond()
  const asked = range.end === undefined ? undefined : range.end + 1
  const end = total === undefined || asked === undefined ? (asked ?? total) : Math.min(asked, total)
  if (end === undefined && range.start > 0) {
    return Result.fail(invalid("the server tells no length and sends no parts, so that a part cannot be cut out"))
  }
  return Result.succeed({ ...body, start: range.start, end, partial: true })
}

const part = ({ contentLength, contentRange, range, expectedBytes }: Delivery): Planned => {
  if (contentRange === undefined) return Result.fail(invalid("a part of the audio without a valid Content-Range"))
  const { start, end } = contentRange
  if (start !== (range?.start ?? 0)) return Result.fail(invalid("another part of the audio than was asked for"))
  if (range?.end !== undefined && end > range.end) return Result.fail(invalid("more of the audio than was asked for"))
  if (contentLength !== undefined && contentLength !== end - start + 1) {
    return Result.fail(invalid("Content-Length and Content-Range contradict each other"))
  }
  if (expectedBytes !== undefined && contentRange.total !== undefined && contentRange.total !== expectedBytes) {
    return Result.fail(new Truncated({ expected: expectedBytes, received: contentRange.total }))
  }
  const total = contentRange.total ?? expectedBytes
  const asked = range?.end === undefined ? undefined : range.end + 1
  return Result.succeed({
    start,
    end: total === undefined || asked === undefined ? (asked ?? total) : Math.min(asked, total),
    bodyStart: start,
    bodyEnd: end + 1,
    total,
    partial: range !== undefined
  })
}

/** Plans the delivery, or says why the answer is not the audio that was asked for. */
export const planDelivery = (delivery: Delivery): Planned => {
  if (delivery.status === 206) return part(delivery)
  return delivery.status === 204 || delivery.status === 205
    ? Result.fail(invalid("the audio is empty"))
    : whole(delivery)
}

/** The range as the caller sees it; undefined where the whole is delivered, or its end is not known. */
export const deliveredRange = ({ start, end, total, partial }: Plan): DeliveredRange | undefined =>
  partial && end !== undefined ? { start, end: end - 1, ...(total === undefined ? {} : { total }) } : undefined

/** Whether a range is one at all. */
export const checkRange = (range: ByteRange | undefined): InvalidQuery | undefined => {
  if (range === undefined) return undefined
  const { start, end = start } = range
  return Number.isSafeInteger(start) && start >= 0 && Number.isSafeInteger(end) && end >= start
    ? undefined
    : new InvalidQuery({ field: "range", detail: "must be whole numbers of bytes, the end not before the start" })
}
