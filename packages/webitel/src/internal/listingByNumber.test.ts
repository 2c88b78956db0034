import { asRegion, type TimeWindow } from "@callreel/recording"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import fc from "fast-check"
import type { HistoryQuery } from "./api.ts"
import { TooMuch } from "./errors.ts"
import { listFiles } from "./listing.ts"
import { listFilesOfNumber } from "./listingByNumber.ts"
import type { OwnedFile } from "./map.ts"
import { hasNumber } from "./numberPattern.ts"
import { fakeHistory, type FakeHistory, type FakeLeg, legId } from "./testing/fakeHistory.ts"

const start = Date.parse("2026-03-01T00:00:00Z")
const minute = 60_000
const day = 24 * 60 * minute
const region = asRegion("UA")

/** A leg with its numbers: those of its row, and those of other legs by which it is found, too. */
interface NumberedLeg extends FakeLeg {
  readonly from: string
  readonly to: string
  readonly destination: string
  readonly related: ReadonlyArray<string>
}

const searchNumber = ({ destination, from, related, to }: NumberedLeg): string =>
  [from, to, destination, ...related].join("|")

/** A history that filters by number as well. */
const numberedHistory = (
  legs: ReadonlyArray<NumberedLeg>,
  options: { readonly most?: number; readonly startRecord?: boolean } = {}
): FakeHistory => {
  const byId = new Map(legs.map((leg) => [leg.id, leg]))
  const historyOf = (of: ReadonlyArray<NumberedLeg>): FakeHistory =>
    Object.assign(fakeHistory(of, options), { now: start + 10_000 * day })
  const whole = historyOf(legs)
  const answering = ({ filter }: HistoryQuery): FakeHistory => {
    const number = "createdAt" in filter ? filter.number : undefined
    return number === undefined ? whole : historyOf(legs.filter((leg) => new RegExp(number).test(searchNumber(leg))))
  }
  const requests: Array<HistoryQuery> = []
  return {
    requests,
    now: 0,
    history: (query) => {
      requests.push(query)
      return Effect.map(answering(query).history(query), (page) => ({
        ...page,
        items: (page.items ?? []).map((row) => {
          const { destination = "", from = "", to = "" } = byId.get(row.id) ?? {}
          return { ...row, from: { number: from }, to: { number: to }, destination }
        })
      }))
    }
  }
}

const windowOf = (from: number, to: number): TimeWindow => ({ from: new Date(from), to: new Date(to) })

/** What is comparable of the files found: their call, their leg and all legs that show them. */
const told = (files: ReadonlyArray<OwnedFile>) =>
  files
    .map(({ agent, file, legIds, owner, root }) => ({
      file: String(file.id),
      owner: owner.id,
      root: root.id,
      agent: agent?.id,
      legs: legIds.toSorted()
    }))
    .toSorted((left, right) => Number(left.file) - Number(right.file))

const pushed = (history: FakeHistory, window: TimeWindow, number: string) =>
  Effect.runPromise(
    Effect.map(Stream.runCollect(listFilesOfNumber(history, window, number, region)), (all) => all.flat())
  )

/** All of the window, filtered here. */
const unpushed = (history: FakeHistory, window: TimeWindow, number: string) =>
  Effect.runPromise(
    Effect.map(Stream.runCollect(listFiles(history, window)), (all) =>
      all.flat().filter(({ root }) => hasNumber(root, number, region))
    )
  )

const wanted = "+380501112233"
const numbers = fc.constantFrom(wanted, "0501112233", "050 111-22-33", "+380671112233", "101", "102", "")

/** Trees of legs with numbers of their own; children begin while their parent runs and may outlive it. */
const arbitraryLegs = fc
  .array(
    fc.record({
      begins: fc.integer({ min: 0, max: 30 * 24 * 60 }),
      lasts: fc.constantFrom(1, 5, 30, 200, 3000),
      files: fc.integer({ min: 0, max: 2 }),
      from: numbers,
      to: numbers,
      destination: numbers,
      childOf: fc.option(fc.nat({ max: 30 }), { nil: undefined }),
      isLost: fc.boolean()
    }),
    { minLength: 1, maxLength: 40 }
  )
  .map((rows) => {
    const legs: Array<NumberedLeg & { readonly isLost: boolean }> = []
    for (const [index, { begins, childOf, files, lasts, ...row }] of rows.entries()) {
      const parent = childOf === undefined ? undefined : legs[childOf]
      const length = parent === undefined ? 1 : Math.max(1, parent.hangupAt - parent.createdAt)
      const createdAt = parent === undefined ? start + begins * minute : parent.createdAt + ((begins * 997) % length)
      const hangupAt = createdAt + lasts * minute
      legs.push({
        ...row,
        id: legId(index),
        ...(parent !== undefined && { parent: parent.id }),
        related: parent === undefined ? [] : [parent.from, parent.to, parent.destination],
        createdAt,
        hangupAt,
        storedMicros: (hangupAt + 1000) * 1000,
        files: Array.from({ length: files }, (_, number) => ({ id: String(index * 10 + number + 1), from: 0 }))
      })
    }
    // Of some trees the history lacks the first leg.
    return legs.filter(({ isLost, parent }) => !(isLost && parent === undefined))
  })

describe("listFilesOfNumber", () => {
  it("gives what reading everything and filtering gives, with the same calls and legs", () =>
    fc.assert(
      fc.asyncProperty(
        arbitraryLegs,
        fc.integer({ min: -5000, max: 45_000 }),
        fc.integer({ min: 1, max: 45_000 }),
        fc.constantFrom(wanted, "0501112233", "101", "380501112233", "anonymous", "1", ".*", "|"),
        fc.boolean(),
        fc.constantFrom(2, 5, Infinity),
        async (legs, from, length, number, startRecord, most) => {
          const history = numberedHistory(legs, { startRecord, most })
          const window = windowOf(start + from * minute, start + (from + length) * minute)
          expect(told(await pushed(history, window, number))).toEqual(
            told(await unpushed(numberedHistory(legs, { startRecord, most }), window, number))
          )
        }
      ),
      { numRuns: 300 }
    ))

  const leg = (index: number, more: Partial<NumberedLeg>): NumberedLeg => ({
    id: legId(index),
    createdAt: start + index * minute,
    hangupAt: start + (index + 1) * minute,
    storedMicros: (start + 10 * day) * 1000,
    from: "101",
    to: "102",
    destination: "0800",
    related: [],
    files: [{ id: String(index), from: 0 }],
    ...more
  })
  const filesOf = async (legs: ReadonlyArray<NumberedLeg>, number: string, window = windowOf(start, start + day)) =>
    told(await pushed(numberedHistory(legs), window, number)).map(({ file }) => file)

  it("goes by the first leg's numbers: a child's alone are none of the call's", async () => {
    const legs = [
      leg(1, { from: wanted }),
      leg(2, { parent: legId(1) }),
      leg(3, {}),
      leg(4, { parent: legId(3), from: wanted })
    ]
    expect(await filesOf(legs, wanted)).toEqual(["1", "2"])
  })

  it("finds recordings of legs that began long after the window, in the window of their call alone", async () => {
    const legs = [
      leg(1, { from: wanted, files: [], hangupAt: start + 2 * minute }),
      leg(2, { parent: legId(1), files: [], hangupAt: start + 30 * 60 * minute }),
      leg(3, { parent: legId(2), createdAt: start + 28 * 60 * minute, hangupAt: start + 29 * 60 * minute })
    ]
    expect(await filesOf(legs, wanted, windowOf(start, start + 2 * minute))).toEqual(["3"])
    expect(await filesOf(legs, wanted, windowOf(start + minute, start + 2 * minute))).toEqual(["3"])
    expect(await filesOf(legs, wanted, windowOf(start, start + minute))).toEqual([])
    expect(await filesOf(legs, wanted, windowOf(start + 2 * minute, start + 3 * day))).toEqual([])
  })

  it("asks once for each call, though its other legs have the number, too", async () => {
    const legs = [1, 2, 3, 4].flatMap((call) => [
      leg(call * 10, { from: wanted }),
      leg(call * 10 + 1, { from: wanted, parent: legId(call * 10) }),
      leg(call * 10 + 2, { from: wanted, parent: legId(call * 10 + 1) })
    ])
    // The parents of these have another number, or are in another window.
    const strays = [
      leg(50, {}),
      leg(51, { from: wanted, parent: legId(50) }),
      leg(52, { from: wanted, parent: legId(1) })
    ]
    const before = leg(1, { from: wanted, createdAt: start - 1 })
    const history = numberedHistory([...legs, ...strays, before])
    expect(await pushed(history, windowOf(start, start + day), wanted)).toHaveLength(12)
    expect(treesAsked(history)).toEqual([10, 20, 30, 40].map(legId))
  })

  it("takes a leg for the first whose parent the history does not have", async () => {
    expect(await filesOf([leg(1, { parent: legId(99), from: wanted })], wanted)).toEqual(["1"])
  })

  const treesAsked = ({ requests }: FakeHistory): ReadonlyArray<string> =>
    requests.flatMap(({ filter }) => ("below" in filter ? [filter.below] : []))

  const spread = (calls: number, apart: number, others: number) =>
    Array.from({ length: calls * (others + 1) }, (_, index) =>
      leg(index, {
        ...(index % (others + 1) === 0 && { from: wanted }),
        createdAt: start + index * apart,
        hangupAt: start + index * apart + 1
      })
    )

  it("asks for a few calls one by one, however many legs there are", async () => {
    const history = numberedHistory(spread(5, minute, 1000))
    expect(await pushed(history, windowOf(start, start + 28 * day), wanted)).toHaveLength(5)
    expect(history.requests.length).toBeLessThan(20)
  })

  it("reads the window whole where most calls have the number", async () => {
    const history = numberedHistory(spread(400, 1000, 1))
    expect(await pushed(history, windowOf(start, start + day), wanted)).toHaveLength(400)
    expect(history.requests.length).toBeLessThan(30)
  })

  it("asks for many calls one by one where there are far more of others", async () => {
    const history = numberedHistory(spread(60, 10, 300))
    expect(await pushed(history, windowOf(start, start + day), wanted)).toHaveLength(60)
    expect(treesAsked(history)).toHaveLength(60)
  })

  it("halves a window that is too much", async () => {
    const history = numberedHistory(spread(60, 1000, 2), { most: 7 })
    expect(await pushed(history, windowOf(start, start + day), wanted)).toHaveLength(60)
  })

  it("asks for calls one by one where the history cannot tell how many legs there are", async () => {
    const history = numberedHistory(spread(60, 1000, 0))
    const tired: FakeHistory = {
      ...history,
      history: (query) => (query.size === 1 ? Effect.fail(new TooMuch()) : history.history(query))
    }
    expect(await pushed(tired, windowOf(start, start + day), wanted)).toHaveLength(60)
    expect(treesAsked(history)).toHaveLength(60)
  })
})
