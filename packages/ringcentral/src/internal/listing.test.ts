import { describe, expect, it } from "@effect/vitest"
import type { Reason } from "@callreel/recording"
import { Effect, Stream } from "effect"
import * as fc from "fast-check"
import type { Api, LogQuery } from "./api.ts"
import { listPages, type Position, type Step, stepAfter } from "./listing.ts"
import type { LogPage, LogRecord } from "./wire.ts"

const from = new Date("2026-01-01T00:00:00.000Z")
const to = new Date("2026-02-01T00:00:00.000Z")
const window = { from, to }

const recordAt = (id: number, time: number): LogRecord => ({ id: `r-${id}`, startTime: new Date(time).toISOString() })

const address = (name: string): string =>
  `https://platform.ringcentral.com/restapi/v1.0/account/~/call-log?page=${name}`

const pageOf = (next: string | null, more: Partial<LogPage> = {}): LogPage => ({
  records: [recordAt(1, from.getTime())],
  navigation: { nextPage: { uri: next } },
  ...more
})

describe("stepAfter", () => {
  const position = (...read: ReadonlyArray<string>): Position => ({ read: new Set(read), to })
  const end = { kind: "end" } as const

  const pages: ReadonlyArray<readonly [string, LogPage, Step]> = [
    ["without navigation", { records: [] }, end],
    ["with empty navigation", { records: [], navigation: {} }, end],
    ["with navigation of null", { records: [], navigation: null }, end],
    ["with a next page of null", { records: [], navigation: { nextPage: null } }, end],
    ["with a next page without an address", { records: [], navigation: { nextPage: {} } }, end],
    ["with an empty address", pageOf(""), end],
    ["that names the next", pageOf(address("2")), { kind: "page", url: address("2") }],
    [
      "that names the next, without a number",
      pageOf(address("2"), { paging: null }),
      { kind: "page", url: address("2") }
    ],
    ["that is empty and names the next", pageOf(address("3"), { records: [] }), { kind: "page", url: address("3") }],
    [
      "before the last that can be numbered",
      pageOf(address("1000"), { paging: { page: 999 } }),
      { kind: "page", url: address("1000") }
    ],
    [
      "with the last number, and no next: the vendor may have stopped counting",
      pageOf(null, { records: [recordAt(1, from.getTime())], paging: { page: 1_000 } }),
      { kind: "window", to: new Date(from.getTime() + 1) }
    ],
    [
      "with the last number, and no next, at the end of what is left",
      pageOf(null, { records: [recordAt(1, to.getTime() - 1)], paging: { page: 1_000 } }),
      end
    ],
    ["with the last number, no next, and nothing in it", pageOf(null, { records: [], paging: { page: 1_000 } }), end]
  ]

  it.each(pages)("goes on after a page %s", (_, page, step) => {
    expect(stepAfter(page, position())).toEqual(step)
  })

  it("does not count on totals", () => {
    const paging = { page: 1, perPage: 1_000, totalPages: 1, totalElements: 1 }
    const next = { paging, navigation: { nextPage: { uri: address("2") }, lastPage: { uri: address("1") } } }
    expect(stepAfter({ records: [], ...next }, position())).toEqual({ kind: "page", url: address("2") })
    const last = { paging: { ...paging, totalPages: 9, totalElements: 9_000 }, navigation: {} }
    expect(stepAfter({ records: [], ...last }, position())).toEqual(end)
  })

  it("goes on in what is left of the window after the thousandth page, with the earliest millisecond once more", () => {
    const times = ["2026-01-20T10:00:00.500Z", "2026-01-20T09:00:00.250Z", "2026-01-20T09:30:00.000Z"]
    const records = times.map((time, id) => recordAt(id, Date.parse(time)))
    const page = pageOf(address("1001"), { records, paging: { page: 1_000 } })
    // The end is not part of the window.
    expect(stepAfter(page, position())).toEqual({ kind: "window", to: new Date("2026-01-20T09:00:00.251Z") })
  })

  it.each([
    ["leads back to a page that was read", pageOf(address("2")), position(address("1"), address("2"))],
    [
      "is the thousandth, with more calls than that in its millisecond",
      pageOf(address("1001"), { records: [recordAt(1, to.getTime() - 1)], paging: { page: 1_000 } }),
      position()
    ],
    ["is the thousandth, and empty", pageOf(address("1001"), { records: [], paging: { page: 1_000 } }), position()]
  ])("says so where a page %s, and loses nothing silently", (_, page, at) => {
    const step = stepAfter(page, at)
    expect(step).toMatchObject({ kind: "problem", problem: { _tag: "InvalidResponse" } })
    expect(JSON.stringify(step)).not.toContain("ringcentral.com")
  })
})

interface ServerRules {
  readonly size: number
  /** How many pages the vendor numbers up to the thousandth. */
  readonly pages: number
}

/** A log of the documented kind, newest first. Its pages count up to the thousandth, from a number near it. */
const logOf = (records: ReadonlyArray<LogRecord>, { pages, size }: ServerRules) => {
  const queries: Array<LogQuery> = []
  const times: Array<number> = []
  const newestFirst = records.toSorted((left, right) => Date.parse(right.startTime) - Date.parse(left.startTime))
  const windows: Array<ReadonlyArray<LogRecord>> = []
  const page = (index: number, number: number) =>
    Effect.sync(() => {
      const found = windows[index] ?? []
      const rows = found.slice(number * size, (number + 1) * size)
      times.push(number)
      const value: LogPage = {
        records: rows,
        paging: { page: 1_000 - pages + 1 + number },
        navigation: (number + 1) * size < found.length ? { nextPage: { uri: address(`${index}-${number + 1}`) } } : {}
      }
      return { value, status: 200, headers: new Headers(), receivedAt: to }
    })
  const api: Pick<Api, "log" | "logPage"> = {
    log: (query) =>
      Effect.suspend(() => {
        queries.push(query)
        const asked = "from" in query ? query : window
        windows.push(
          newestFirst.filter(
            ({ startTime }) => Date.parse(startTime) >= +asked.from && Date.parse(startTime) < +asked.to
          )
        )
        return page(windows.length - 1, 0)
      }),
    logPage: (url) => {
      const [index = 0, number = 0] = (/page=(\d+)-(\d+)$/.exec(url) ?? []).slice(1).map(Number)
      return page(index, number)
    }
  }
  return { api, queries, pagesRead: times }
}

const idsOf = (api: Pick<Api, "log" | "logPage">): Effect.Effect<ReadonlyArray<string>, Reason> =>
  Stream.runCollect(listPages(api, window, true)).pipe(Effect.map((pages) => pages.flat().map(({ id }) => String(id))))

describe("listPages", () => {
  it("gives every record of the window, whatever the size and number of pages", () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: -1_000, max: to.getTime() - from.getTime() + 1_000 }), { maxLength: 120 }),
        fc.record({ size: fc.integer({ min: 2, max: 9 }), pages: fc.integer({ min: 1, max: 5 }) }),
        async (offsets, rules) => {
          const records = offsets.map((offset, id) => recordAt(id, from.getTime() + offset))
          const ids = await Effect.runPromise(idsOf(logOf(records, rules).api))
          const expected = records.filter(({ startTime }) => {
            const time = Date.parse(startTime)
            return time >= from.getTime() && time < to.getTime()
          })
          expect([...new Set(ids)].toSorted()).toEqual(expected.map(({ id }) => String(id)).toSorted())
        }
      ),
      { numRuns: 60 }
    ))

  it.effect("gives them newest first", () =>
    Effect.gen(function* () {
      const records = [3, 1, 4, 5, 2].map((hour) => recordAt(hour, from.getTime() + hour * 3_600_000))
      const { api } = logOf(records, { size: 2, pages: 1_000 })
      expect(yield* idsOf(api)).toEqual(["r-5", "r-4", "r-3", "r-2", "r-1"])
    })
  )

  it.effect("spends one request on a page, and asks for the window as it is", () =>
    Effect.gen(function* () {
      const records = Array.from({ length: 10 }, (_, id) => recordAt(id, from.getTime() + id))
      const { api, pagesRead, queries } = logOf(records, { size: 5, pages: 1_000 })
      expect(yield* idsOf(api)).toHaveLength(10)
      expect(pagesRead).toEqual([0, 1])
      expect(queries).toEqual([{ from, to, recorded: true }])
    })
  )

  it.effect("goes through two thousand pages", () =>
    Effect.gen(function* () {
      const records = Array.from({ length: 4_001 }, (_, id) => recordAt(id, from.getTime() + id * 1_000))
      const { api, queries } = logOf(records, { size: 2, pages: 1_000 })
      expect(new Set(yield* idsOf(api)).size).toBe(4_001)
      expect(queries.length).toBeGreaterThan(1)
    })
  )

  it.effect("gives one page of an empty window", () =>
    Effect.gen(function* () {
      const { api, pagesRead } = logOf([], { size: 5, pages: 1_000 })
      expect(yield* idsOf(api)).toEqual([])
      expect(pagesRead).toEqual([0])
    })
  )

  it.effect.each([
    ["the first page", ["a"]],
    ["an earlier page", ["a", "b", "c", "b"]],
    ["itself", ["a", "a"]],
    ["the beginning, later", ["a", "b", "c", "a", "b"]]
  ] as const)("ends with a problem where pages lead back to %s", ([_, names]) =>
    Effect.gen(function* () {
      let count = 0
      const answer = () =>
        Effect.sync(() => {
          const value = pageOf(address(names[count++ % names.length] ?? "a"))
          return { value, status: 200, headers: new Headers(), receivedAt: to }
        })
      const problem = yield* Effect.flip(idsOf({ log: answer, logPage: answer }))
      expect(problem).toMatchObject({ _tag: "InvalidResponse", path: "navigation.nextPage.uri" })
      expect(count).toBeLessThanOrEqual(names.length + 1)
    })
  )
})
