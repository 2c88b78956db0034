import stringWidth from "string-width"
import { describe, expect, it } from "vitest"
import { recordingAt } from "../testing/memoryProvider.ts"
import { lengthText, partyText, recordingColumns } from "./recordingTable.ts"
import { type Column, headerLine, layOut, rowLine } from "./table.ts"
import { visible } from "./visible.ts"

const rows = [
  recordingAt("office", "468944-C7C393137E8B4CC0A2D6F9B1E7D54F21", "2026-03-01T10:20:30Z"),
  recordingAt("office", "468944-0123456789ABCDEF0123456789ABCDEF", "2026-03-02T10:20:30Z", {
    call: {
      id: "2",
      direction: "outbound",
      outcome: "answered",
      startedAt: new Date("2026-03-02T10:20:30Z"),
      from: { number: "101" },
      to: { number: "+380441234567", name: "Товариство з обмеженою відповідальністю" }
    }
  })
]
const render = (width: number | undefined): ReadonlyArray<string> => {
  const laidOut = layOut(recordingColumns(true), rows, width)
  const lines = [headerLine(laidOut), ...rows.map((row) => rowLine(laidOut, row, width !== undefined))]
  return lines.map((line) => line.replace(/\n$/, ""))
}

describe("the table of recordings", () => {
  it.each([70, 80, 100, 120, 160, 250])("fits %i columns and keeps ids and times whole", (width) => {
    const lines = render(width)
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    for (const [index, { id }] of rows.entries()) expect(lines[index + 1]).toContain(id)
    expect(lines[1]).toMatch(/^2026-03-01 10:20:30/)
  })

  it("stands in columns, also with Cyrillic and Chinese names", () => {
    for (const width of [100, 140, undefined]) {
      const starts = render(width).map((line) => stringWidth(line.slice(0, line.search(/468944|ID$/))))
      expect(new Set(starts).size).toBe(1)
    }
  })

  it("cuts what is too wide, and says so", () => {
    expect(render(110)[2]).toContain("…")
    expect(render(undefined)[2]).toContain("Товариство з обмеженою відповідальністю +380441234567")
  })

  it("keeps the id where nothing else fits", () => {
    expect(render(20)[1]).toContain(rows[0]?.id)
  })
})

describe("layOut", () => {
  it("cuts later rows to the widths of the first", () => {
    const columns: ReadonlyArray<Column<string>> = [{ header: "A", value: (row) => row, minimum: 4 }]
    const laidOut = layOut(columns, ["abcdef"], 80)
    expect(rowLine(laidOut, "王小明王小明", true)).toBe("王小…\n")
    expect(rowLine(laidOut, "王小明王小明", false)).toBe("王小明王小明\n")
  })
})

describe("visible", () => {
  it.each([
    ["a\u001b[2Jb", "a[2Jb"],
    ["a\r\nb\tc", "a b c"],
    ["a\u202eb\u0007", "ab"],
    ["Анна 王", "Анна 王"]
  ])("%j", (text, clean) => {
    expect(visible(text)).toBe(clean)
  })
})

describe("cells", () => {
  it.each([
    [undefined, ""],
    [0, "0:00"],
    [65.4, "1:05"],
    [7207, "2:00:07"]
  ])("%s seconds is %s", (seconds, text) => {
    expect(lengthText(seconds)).toBe(text)
  })

  it.each([
    [undefined, ""],
    [{ number: "8 (495) 1", e164: "+7495" }, "+7495"],
    [{ number: "101", name: "101" }, "101"],
    [{ name: "Анна" }, "Анна"],
    [{ extension: { number: "7", name: "Desk" } }, "Desk 7"]
  ])("%j is %s", (party, text) => {
    expect(partyText(party)).toBe(text)
  })
})
