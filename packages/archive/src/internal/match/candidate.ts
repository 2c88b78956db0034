/** What of a recording is compared, and how two of them differ. Pure. */
import { keyOf, type Direction, type Recording, startOf } from "@callreel/recording"
import { type Agreement, type ComparedNumber, compareNumbers, comparedNumber, tailOf } from "./numbers.ts"

/** How far apart the same call may be on two systems. */
export interface MatchTolerance {
  /** Between the starts. */
  readonly startSeconds: number
  /** Between the durations: the larger of seconds and a share of the longer one. */
  readonly durationSeconds: number
  readonly durationShare: number
}

/** A recording with what is compared, worked out once. */
export interface Candidate {
  readonly recording: Recording
  /** In milliseconds. */
  readonly start: number
  readonly key: string
  readonly direction: Direction
  readonly from: ComparedNumber | undefined
  readonly to: ComparedNumber | undefined
  readonly recordingSeconds: number | undefined
  readonly callSeconds: number | undefined
}

/** How a pair differs: right less left. */
export interface Differences {
  readonly startSeconds: number
  /** Of what both know, the recording or else the call; absent where there is no such. */
  readonly durationSeconds?: number
  /** Whether numbers agree; "unknown" where there is nothing to compare. Numbers that differ make no pair. */
  readonly parties: "same" | "unknown"
}

/** Undefined for a recording without a start: it can be in no pair. */
export const candidateOf = (recording: Recording): Candidate | undefined => {
  const start = startOf(recording)?.getTime()
  if (start === undefined || Number.isNaN(start)) return undefined
  const { call } = recording
  return {
    recording,
    start,
    key: keyOf(recording),
    direction: call?.direction ?? "unknown",
    from: comparedNumber(call?.from),
    to: comparedNumber(call?.to),
    recordingSeconds: recording.durationSeconds,
    callSeconds: call?.durationSeconds
  }
}

/** Tails of the numbers that may confirm a pair. */
export const tailsOf = ({ from, to }: Candidate): ReadonlyArray<string> => [
  ...new Set([from, to].flatMap((number) => (number === undefined ? [] : [tailOf(number)])))
]

/** How two recordings differ; undefined where they cannot be of the same call. */
export const compare = (left: Candidate, right: Candidate, tolerance: MatchTolerance): Differences | undefined => {
  const startSeconds = (right.start - left.start) / 1000
  if (Math.abs(startSeconds) > tolerance.startSeconds) return undefined
  const durations = durationsOf(left, right)
  if (durations !== undefined && !areNear(durations, tolerance)) return undefined
  const parties = compareParties(left, right)
  if (parties === "different") return undefined
  return { startSeconds, ...(durations !== undefined && { durationSeconds: durations[1] - durations[0] }), parties }
}

/**
 * How much a pair differs, as parts of the tolerance, squared: of two ways to pair the same calls, the one in which all
 * differ alike is the likelier one, as when a clock is behind.
 */
export const costOf = ({ durationSeconds = 0, startSeconds }: Differences, tolerance: MatchTolerance): number =>
  (startSeconds / Math.max(tolerance.startSeconds, 1)) ** 2 +
  Math.min(1, (durationSeconds / Math.max(tolerance.durationSeconds, 1)) ** 2)

/** Like with like: a call is longer than its recording. */
const durationsOf = (left: Candidate, right: Candidate): readonly [number, number] | undefined => {
  if (left.recordingSeconds !== undefined && right.recordingSeconds !== undefined) {
    return [left.recordingSeconds, right.recordingSeconds]
  }
  return left.callSeconds === undefined || right.callSeconds === undefined
    ? undefined
    : [left.callSeconds, right.callSeconds]
}

const areNear = (
  [left, right]: readonly [number, number],
  { durationSeconds, durationShare }: MatchTolerance
): boolean => Math.abs(left - right) <= Math.max(durationSeconds, durationShare * Math.max(left, right))

/**
 * Where both say which way the call went, the number outside decides: the account's own ones are other ones on another
 * system. Else both ends, as they are, or exchanged where they agree so.
 */
export const compareParties = (left: Candidate, right: Candidate): Agreement => {
  const outside = compareNumbers(outsideOf(left), outsideOf(right))
  if (outside !== "unknown") return outside
  const straight = both(compareNumbers(left.from, right.from), compareNumbers(left.to, right.to))
  const exchanged = both(compareNumbers(left.from, right.to), compareNumbers(left.to, right.from))
  return exchanged === "same" ? "same" : straight
}

const outsideOf = ({ direction, from, to }: Candidate): ComparedNumber | undefined => {
  if (direction === "inbound") return from
  return direction === "outbound" ? to : undefined
}

const both = (one: Agreement, other: Agreement): Agreement => {
  if (one === "different" || other === "different") return "different"
  return one === "same" || other === "same" ? "same" : "unknown"
}
