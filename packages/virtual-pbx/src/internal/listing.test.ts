import { describe, expect, it } from "@effect/vitest"
import { Effect, Ref, Stream } from "effect"
import * as fc from "fast-check"
import { firstCursor, listRows, type RowsRequest, step } from "./listing.ts"
import { formatTime, parseTime } from "./time.ts"
import type { RecordRow } from "./wire.ts"

const from = new Date("2026-01-01T00:00:00Z")
const to = new Date("2026-03-20T00:00:00Z")
const span = to.getTime() - from.getTime()

interface ServerRules {
  /** The server's own cap below what is asked for. */
  readonly cap: number
  readonly pages: boolean
  /** The window is compared with a time so much later than the start that rows are sorted by. */
  readonly waitMillis: number
  readonly inclusive: boolean
}

const rowAt = (id: number, time: number): RecordRow => ({
  record_uuid: `1-${id}`,
  init_time_gmt: `${formatTime(new Date(time))}.${String(time % 1000).padStart(3, "0")}`
})

/** A server of the documented kind, with its undocumented sides as the rules say. */
const server = (rows: ReadonlyArray<RecordRow>, rules: ServerRules) => {
  const sorted = rows
    .map((row) => ({ row, time: parseTime(row.init_time_gmt)?.getTime() ?? 0 }))
    .toSorted((left, right) => left.time - right.time)
  const requests: Array<RowsRequest> = []
  const answer = (request: RowsRequest) =>
    Effect.sync(() => {
      requests.push(request)
      // Bounds travel in whole seconds.
      const low = Math.floor(request.from.getTime() / 1000) * 1000
      const high = Math.floor(request.to.getTime() / 1000) * 1000
      const matching = sorted.filter(({ time }) => {
        const compared = time + rules.waitMillis
        return compared >= low && (rules.inclusive ? compared <= high : compared < high)
      })
      const size = Math.min(100, rules.cap)
      const offset = rules.pages ? (request.page - 1) * size : 0
      return matching.slice(offset, offset + size).map(({ row }) => row)
    })
  return { answer, requests }
}

const list = (rows: ReadonlyArray<RecordRow>, rules: ServerRules) =>
  Effect.gen(function* () {
    const { answer, requests } = server(rows, rules)
    const listed = yield* Stream.runCollect(listRows({ from, to }, answer, yield* Ref.make(0)))
    return { listed: listed.map((row) => row.record_uuid), requests }
  })

const rules = fc.record({
  cap: fc.integer({ min: 20, max: 150 }),
  pages: fc.boolean(),
  waitMillis: fc.integer({ min: 0, max: 3_600_000 }),
  inclusive: fc.boolean()
})

describe("listRows", () => {
  it("gives every row of the window once, oldest first, whatever the server's silent rules", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -100_000, max: span + 100_000 }), { maxLength: 700 }),
        rules,
        async (offsets, serverRules) => {
          const rows = offsets.map((offset, id) => rowAt(id, from.getTime() + offset))
          const { listed } = await Effect.runPromise(list(rows, serverRules))
          const expected = rows.filter((_, id) => (offsets[id] ?? -1) >= 0 && (offsets[id] ?? span) < span)
          expect([...new Set(listed)].toSorted()).toEqual(expected.map((row) => row.record_uuid).toSorted())
        }
      ),
      { numRuns: 60 }
    ))

  it.effect("gets through a second that fills several answers, where pages are honoured", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 350 }, (_, id) => rowAt(id, from.getTime() + 5_000_000 + (id % 900)))
      const { listed } = yield* list(rows, { cap: 100, pages: true, waitMillis: 0, inclusive: true })
      expect(new Set(listed).size).toBe(350)
    })
  )

  it.effect("says so where such a second cannot be listed, and loses nothing silently", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 350 }, (_, id) => rowAt(id, from.getTime() + 5_000_000 + (id % 900)))
      const problem = yield* Effect.flip(list(rows, { cap: 100, pages: false, waitMillis: 0, inclusive: true }))
      expect(problem).toMatchObject({ _tag: "InvalidResponse" })
    })
  )

  it.effect("spends one request a page and one a slice", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 1_000 }, (_, id) => rowAt(id, from.getTime() + id * 60_000))
      const { listed, requests } = yield* list(rows, { cap: 100, pages: true, waitMillis: 0, inclusive: true })
      expect(listed).toHaveLength(1_000)
      expect(requests.length).toBeLessThanOrEqual(14)
    })
  )

  it.effect("keeps every request within the platform's range", () =>
    Effect.gen(function* () {
      const { requests } = yield* list([], { cap: 100, pages: true, waitMillis: 0, inclusive: true })
      expect(requests.length).toBeGreaterThan(0)
      for (const request of requests) {
        const lastDay = Date.UTC(request.from.getUTCFullYear(), request.from.getUTCMonth() + 2, 0)
        expect(request.to.getTime()).toBeLessThanOrEqual(lastDay)
      }
    })
  )
})

describe("step", () => {
  const slice = { from, to }

  it("is not misled by rows that a page repeats", () => {
    const page = Array.from({ length: 100 }, (_, id) => rowAt(id, from.getTime() + id * 60_000))
    const repeated = [...page, ...page.slice(95)]
    const first = step(slice, firstCursor(slice), repeated, 0)
    expect(first).toMatchObject({ largest: 100 })
    if ("problem" in first || first.next === undefined) throw new Error("the listing must go on")
    expect(new Set(first.rows.map((row) => row.record_uuid)).size).toBe(100)
    // A later page that is full but has repeats in place of rows still counts as full.
    const second = step(slice, first.next, [...page.slice(98), ...page.slice(98), ...laterPage(96)], first.largest)
    expect(second).not.toHaveProperty("next", undefined)
  })

  it("refuses rows in the other order, which would be skipped", () => {
    const page = Array.from({ length: 20 }, (_, id) => rowAt(id, from.getTime() + (20 - id) * 60_000))
    expect(step(slice, firstCursor(slice), page, 0)).toMatchObject({ problem: { _tag: "InvalidResponse" } })
  })

  it("names the row whose time it cannot read, not the value", () => {
    const result = step(
      slice,
      firstCursor(slice),
      [rowAt(1, 0), { record_uuid: "2", init_time_gmt: "+79991234567" }],
      0
    )
    expect(result).toMatchObject({ problem: { path: "[1].init_time_gmt" } })
    expect(JSON.stringify(result)).not.toContain("999")
  })
})

const laterPage = (length: number): ReadonlyArray<RecordRow> =>
  Array.from({ length }, (_, id) => rowAt(1_000 + id, from.getTime() + (100 + id) * 60_000))
