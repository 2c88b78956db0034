import { keyOf, type Recording } from "@callreel/recording"
import { Effect, Stream } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { defaultTolerance, type Match, matchRecordings } from "./match.ts"

interface Call {
  /** Seconds. */
  readonly at: number
  readonly number?: string
  readonly durationSeconds?: number
}

const noon = Date.UTC(2026, 2, 1, 12)

const recordingOf = (source: string, id: string, { at, durationSeconds, number }: Call): Recording => ({
  source,
  provider: "test",
  account: "1",
  id,
  call: {
    id,
    direction: "inbound",
    outcome: "answered",
    startedAt: new Date(noon + at * 1000),
    ...(number !== undefined && { from: { number, e164: number } })
  },
  kind: "automatic",
  ...(durationSeconds !== undefined && { durationSeconds }),
  availability: { state: "available" },
  raw: {}
})

const listing = (source: string, calls: ReadonlyArray<Call>): ReadonlyArray<Recording> =>
  calls
    .map((call, index) => recordingOf(source, `${index}`, call))
    .toSorted((one, other) => timeOf(one) - timeOf(other))

const timeOf = (recording: Recording): number => recording.call?.startedAt.getTime() ?? -Infinity

const matchAll = (
  left: ReadonlyArray<Recording>,
  right: ReadonlyArray<Recording>,
  pageLength = 100
): Promise<ReadonlyArray<Match>> =>
  Effect.runPromise(
    Stream.runCollect(
      matchRecordings(
        Stream.rechunk(Stream.fromIterable(left), pageLength),
        Stream.rechunk(Stream.fromIterable(right), pageLength)
      )
    )
  )

/** `a:1 = b:1`, or `a:1` alone. */
const textOf = (match: Match): string =>
  match.match === "pair" ? `${keyOf(match.left)} = ${keyOf(match.right)}` : `${match.match} ${keyOf(match.recording)}`

const exchangedText = (match: Match): string => {
  if (match.match === "pair") return `${keyOf(match.right)} = ${keyOf(match.left)}`
  return `${match.match === "only-left" ? "only-right" : "only-left"} ${keyOf(match.recording)}`
}

const pairsOf = (matches: ReadonlyArray<Match>): ReadonlyArray<string> =>
  matches.filter(({ match }) => match === "pair").map(textOf)

const numbers = ["+74951234567", "+74957654321", "+74951112233"]

const call: fc.Arbitrary<Call> = fc.record(
  {
    at: fc.integer({ min: 0, max: 3000 }),
    number: fc.constantFrom(...numbers),
    durationSeconds: fc.integer({ min: 0, max: 60 })
  },
  { requiredKeys: ["at"] }
)
const calls = fc.array(call, { maxLength: 40 })
const pageLength = fc.integer({ min: 1, max: 7 })

describe("matchRecordings", () => {
  it("pairs the calls that both have, and names what only one has", async () => {
    const [client = "", other = "", third = ""] = numbers
    const left = listing("a", [
      { at: 0, number: client, durationSeconds: 30 },
      { at: 60, number: other, durationSeconds: 12 },
      { at: 4000, number: third, durationSeconds: 9 }
    ])
    const right = listing("b", [
      { at: 5, number: other, durationSeconds: 13 },
      { at: 3, number: client, durationSeconds: 31 },
      { at: 4000, number: third, durationSeconds: 25 }
    ])
    const matches = await matchAll(left, right)
    expect(matches.map(textOf)).toEqual(["a:0 = b:1", "a:1 = b:0", "only-left a:2", "only-right b:2"])
    expect(matches[0]).toMatchObject({ differences: { startSeconds: 3, durationSeconds: 1, parties: "same" } })
    expect(matches[1]).toMatchObject({ differences: { startSeconds: -55, durationSeconds: 1, parties: "same" } })
  })

  it("prefers the pair whose numbers agree to a nearer one of which nothing is known", async () => {
    const [client = ""] = numbers
    const left = listing("a", [{ at: 0, number: client }])
    const right = listing("b", [{ at: 0 }, { at: 100, number: client }])
    expect((await matchAll(left, right)).map(textOf)).toEqual(["a:0 = b:1", "only-right b:0"])
  })

  it("leaves no recording alone that another pairing can take in", async () => {
    // The nearest to the second one is the only one for the first.
    const left = listing("a", [{ at: 0 }, { at: 100 }])
    const right = listing("b", [{ at: 110 }, { at: 215 }])
    expect(pairsOf(await matchAll(left, right))).toEqual(["a:0 = b:0", "a:1 = b:1"])
  })

  it("takes a recording without a start for alone", async () => {
    const { call: _, ...unknown } = recordingOf("a", "1", { at: 0 })
    expect(await matchAll([unknown], listing("b", [{ at: 0 }]))).toMatchObject([
      { match: "only-left", recording: { source: "a" } },
      { match: "only-right", recording: { source: "b" } }
    ])
  })

  it("gives every recording of both sides exactly once, whatever the pages", () =>
    fc.assert(
      fc.asyncProperty(calls, calls, pageLength, async (leftCalls, rightCalls, pageLength) => {
        const [left, right] = [listing("a", leftCalls), listing("b", rightCalls)]
        const matches = await matchAll(left, right, pageLength)
        const lefts = matches.flatMap((match) =>
          match.match === "pair" ? [match.left] : match.match === "only-left" ? [match.recording] : []
        )
        const rights = matches.flatMap((match) =>
          match.match === "pair" ? [match.right] : match.match === "only-right" ? [match.recording] : []
        )
        expect(lefts.map(keyOf).toSorted()).toEqual(left.map(keyOf).toSorted())
        expect(rights.map(keyOf).toSorted()).toEqual(right.map(keyOf).toSorted())
      }),
      { numRuns: 300 }
    ))

  it("leaves two recordings alone only where they cannot be a pair", () =>
    fc.assert(
      fc.asyncProperty(calls, calls, async (leftCalls, rightCalls) => {
        const matches = await matchAll(listing("a", leftCalls), listing("b", rightCalls))
        const alone = (match: "only-left" | "only-right") =>
          matches.flatMap((one) => (one.match === match ? [one.recording] : []))
        const missed = await Promise.all(
          alone("only-left").flatMap((left) => alone("only-right").map((right) => matchAll([left], [right])))
        )
        expect(missed.flatMap(pairsOf)).toEqual([])
      }),
      { numRuns: 100 }
    ))

  it("pairs each recording of a listing with itself", () =>
    fc.assert(
      fc.asyncProperty(calls, async (calls) => {
        const recordings = listing("a", calls)
        const matches = await matchAll(recordings, recordings)
        expect(matches).toHaveLength(recordings.length)
        const differing = matches.filter(({ match }) => match !== "pair")
        expect(differing).toEqual([])
        for (const match of matches) {
          expect(match).toMatchObject({ differences: { startSeconds: 0 } })
        }
      }),
      { numRuns: 300 }
    ))

  it("gives the mirror image when the sides are exchanged", () =>
    fc.assert(
      fc.asyncProperty(calls, calls, async (leftCalls, rightCalls) => {
        const [left, right] = [listing("a", leftCalls), listing("b", rightCalls)]
        const there = await matchAll(left, right)
        const back = await matchAll(right, left)
        expect(back.map(exchangedText).toSorted()).toEqual(there.map(textOf).toSorted())
      }),
      { numRuns: 300 }
    ))

  it("pairs each call with itself when the other clock is off by less than the tolerance", () =>
    fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: -120, max: 120 }), async (calls, offset) => {
        const left = listing("a", calls)
        const right = listing(
          "b",
          calls.map((call) => ({ ...call, at: call.at + offset }))
        )
        const matches = await matchAll(left, right)
        expect(matches.filter(({ match }) => match !== "pair")).toEqual([])
        for (const match of matches) {
          expect(match).toMatchObject({ differences: { startSeconds: offset } })
        }
      }),
      { numRuns: 300 }
    ))

  it("decides on busy hours without numbers as on quiet ones, in memory of some minutes", async () => {
    const count = 3000
    let held = 0
    let most = 0
    const busy = (source: string, offset: number) =>
      Stream.range(0, count - 1).pipe(
        Stream.rechunk(20),
        Stream.map((index) => recordingOf(source, `${index}`, { at: index * 4 + offset })),
        Stream.tap(() => Effect.sync(() => (most = Math.max(most, ++held))))
      )
    const matches = matchRecordings(busy("a", 0), busy("b", 60)).pipe(
      Stream.tap((match) => Effect.sync(() => (held -= match.match === "pair" ? 2 : 1)))
    )
    const pairs = (await Effect.runPromise(Stream.runCollect(matches))).flatMap((match) =>
      match.match === "pair" ? [match] : []
    )
    expect(pairs).toHaveLength(count)
    expect(pairs.filter(({ left, right }) => left.id !== right.id)).toEqual([])
    // Two sides, a call each 4 seconds, 4 times the tolerance and what came with it.
    expect(most).toBeLessThan(2 * ((4 * defaultTolerance.startSeconds) / 4) + 200)
  })

  it("fails when one side fails, and says of no recording before that it is missing there", async () => {
    const left = listing("a", [{ at: 0 }, { at: 10 }])
    const broken = Stream.concat(Stream.fromIterable(listing("b", [{ at: 0 }])), Stream.fail("unavailable"))
    const seen: Array<Match> = []
    const matching = Stream.runForEach(matchRecordings(Stream.fromIterable(left), broken), (match) =>
      Effect.sync(() => seen.push(match))
    )
    expect(await Effect.runPromise(Effect.flip(matching))).toBe("unavailable")
    expect(seen).toEqual([])
  })
})
