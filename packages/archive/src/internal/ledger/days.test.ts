import { describe, expect, it } from "vitest"
import { unknownInstant } from "./columns.ts"
import { byDay, type KeyRow } from "./days.ts"

const row = (id: string, at: string | undefined, source = "us"): KeyRow => ({
  started_at: at === undefined ? unknownInstant : Date.parse(at),
  source,
  id
})
const rows = [
  row("before 1970", "1969-12-31T23:59:59.999Z"),
  row("a", "2026-01-01T00:00:00Z"),
  row("b", "2026-01-01T23:59:59.999Z"),
  row("c", "2026-01-02T00:00:00Z"),
  row("d", undefined),
  row("e", undefined)
]
const days = [
  { day: new Date("1969-12-31T00:00:00Z"), ids: ["before 1970"] },
  { day: new Date("2026-01-01T00:00:00Z"), ids: ["a", "b"] },
  { day: new Date("2026-01-02T00:00:00Z"), ids: ["c"] },
  { ids: ["d", "e"] }
]

describe("keys by day", () => {
  it("are of UTC days, those without a start last; the last day may go on", () => {
    expect(byDay(undefined, rows)).toStrictEqual({ complete: days.slice(0, -1), open: days.at(-1) })
  })

  it("do not depend on where pages end", () => {
    for (let end = 0; end <= rows.length; end++) {
      const first = byDay(undefined, rows.slice(0, end))
      const second = byDay(first.open, rows.slice(end))
      expect([...first.complete, ...second.complete, second.open]).toStrictEqual(days)
    }
  })

  it("are ids as they were listed, and numbers however a database gives them", () => {
    const read = { ...row("a\u001a0000b", undefined), started_at: String(Date.parse("2026-01-01T12:00:00Z")) }
    expect(byDay(undefined, [read]).open).toStrictEqual({ day: new Date("2026-01-01T00:00:00Z"), ids: ["a\0b"] })
  })

  it("of nothing are none", () => {
    expect(byDay(undefined, [])).toStrictEqual({ complete: [], open: undefined })
  })
})
