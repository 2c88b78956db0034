import { describe, expect, it } from "vitest"
import type { Party } from "@callreel/recording"
import { type Agreement, comparedNumber, compareNumbers, tailOf } from "./numbers.ts"

const e164 = (number: string): Party => ({ number, e164: number })

const table: ReadonlyArray<readonly [left: Party | undefined, right: Party | undefined, Agreement]> = [
  [e164("+74951234567"), e164("+74951234567"), "same"],
  [e164("+74951234567"), e164("+74951234568"), "different"],
  // Another country with the same last digits.
  [e164("+74951234567"), e164("+14951234567"), "different"],
  [e164("+74951234567"), { number: "8 (495) 123-45-67" }, "same"],
  [e164("+74951234567"), { number: "84991234567" }, "different"],
  [e164("+442079460123"), { number: "020 7946 0123" }, "same"],
  [e164("+380441234567"), { number: "0441234567" }, "same"],
  [e164("+74951234567"), { number: "123-45-67" }, "same"],
  [e164("+74951234567"), { number: "123-45-68" }, "different"],
  [{ number: "4951234567" }, { number: "74951234567" }, "same"],
  [{ number: "101" }, { number: "101" }, "same"],
  [{ number: "101" }, { number: "102" }, "unknown"],
  [{ extension: { number: "101" } }, { number: "101" }, "same"],
  [{ number: "101" }, e164("+74951234567"), "unknown"],
  [{ number: "anonymous" }, e164("+74951234567"), "unknown"],
  [{ number: "7495123XXXX" }, e164("+74951234567"), "unknown"],
  [{ number: "*97" }, { number: "97" }, "unknown"],
  [{ number: "" }, { number: "" }, "unknown"],
  [{ name: "Jane" }, e164("+74951234567"), "unknown"],
  [undefined, undefined, "unknown"]
]

describe("compareNumbers", () => {
  it.each(table)("%j and %j: %s", (left, right, agreement) => {
    expect(compareNumbers(comparedNumber(left), comparedNumber(right))).toBe(agreement)
    expect(compareNumbers(comparedNumber(right), comparedNumber(left))).toBe(agreement)
  })
})

describe("tailOf", () => {
  const numbers = table.flatMap(([left, right]) => [left, right]).flatMap((party) => comparedNumber(party) ?? [])

  it("is the same for numbers that are the same", () => {
    for (const left of numbers) {
      const same = numbers.filter((right) => compareNumbers(left, right) === "same")
      expect(new Set(same.map(tailOf))).toEqual(new Set([tailOf(left)]))
    }
  })
})
