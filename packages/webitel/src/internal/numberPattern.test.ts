import { asRegion, toE164 } from "@callreel/recording"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hasNumber, numberPattern } from "./numberPattern.ts"

const ukraine = asRegion("UA")

/** Whether the history finds a leg by its numbers: it escapes a plus at the beginning and nothing else. */
const finds = (pattern: string, numbers: ReadonlyArray<string>): boolean =>
  new RegExp(pattern.replace(/^\+/, "\\+")).test(numbers.join("|"))

describe("numberPattern", () => {
  it.each([
    ["a number by its last digits", "+380501112233", ukraine, "1[^0-9|]*1[^0-9|]*2[^0-9|]*2[^0-9|]*3[^0-9|]*3"],
    ["the same in a national spelling", "050 111-22-33", ukraine, "1[^0-9|]*1[^0-9|]*2[^0-9|]*2[^0-9|]*3[^0-9|]*3"],
    ["a short one by fewer", "+6834002", undefined, "0[^0-9|]*0[^0-9|]*2"],
    ["one that only the region could explain, as written", "0501112233", undefined, "0501112233"],
    ["an extension as written", "101", ukraine, "101"],
    ["a name as written", "anonymous", ukraine, "anonymous"],
    [
      "what has a meaning in expressions, escaped",
      "a.b\\d^$[c](d){2}+?|",
      ukraine,
      "a\\.b\\\\d\\^\\$\\[c\\]\\(d\\)\\{2\\}\\+\\?\\|"
    ],
    ["hidden digits as anything in one number", "380*******33", ukraine, "380[^|]*33"],
    ["what no text of a database has as anything", "a\0b\ud800", ukraine, "a[^|]b[^|]"],
    ["the end of what is too long", `${"x".repeat(1000)}${"y".repeat(39)}😀`, ukraine, `${"y".repeat(39)}😀`]
  ])("gives %s", (_, number, region, pattern) => {
    expect(numberPattern(number, region)).toBe(pattern)
  })

  // Numbers whose spellings differ by more than a prefix: parts left out where they are dialled, and a 15 in the middle.
  it.each([
    ["AR", ["+5492966412345", "02966 15 412345", "+54 9 2966 41-2345"]],
    ["NF", ["+672322222", "22222", "3 22222"]],
    ["SM", ["+3780549886377", "886377", "0549 886377"]],
    ["GG", ["+441481256789", "256789", "01481 256789"]],
    ["AG", ["+12684641234", "4641234", "1 268 464 1234", "(268) 464-1234"]],
    ["US", ["+14155550100", "415.555.0100", "1-415-555-0100"]],
    ["RU", ["+74999610999", "84999610999", "8 (499) 961-09-99", "4999610999"]],
    ["UA", ["+380501234567", "0501234567", "380501234567", "+380 (0)50 123 45 67", "50\u00a0123\u00a045\u00a067"]],
    ["IT", ["+390612345678", "06 1234 5678"]],
    ["BR", ["+5511961234567", "(11) 96123-4567", "0 15 11 96123-4567"]]
  ])("finds every spelling of a number in %s by every other", (name, spellings) => {
    const region = asRegion(name)
    expect(new Set(spellings.map((spelling) => toE164(spelling, region)))).toEqual(new Set([spellings[0]]))
    for (const wanted of spellings) {
      for (const stored of spellings) expect(finds(numberPattern(wanted, region), ["101", stored])).toBe(true)
    }
  })

  const regions = ["UA", "RU", "US", "AR", "NF", "SM", "GG", "AG", "IT", "BR", "NU", "DE"]
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 12 })
  const prefix = fc.constantFrom("", "0", "8", "1", "+", "+380", "380", "+7", "+1", "+54", "+3", "00380", "015")
  const separator = fc.constantFrom("", "", "", " ", "-", ".", ") ", " (", "\u00a0")
  const spelling = fc
    .tuple(prefix, digits, fc.array(separator, { minLength: 12, maxLength: 12 }))
    .map(([start, each, between]) => start + each.map((digit, index) => `${digit}${between[index]}`).join(""))

  it("matches whatever the exact comparison takes for the number", () => {
    fc.assert(
      fc.property(
        spelling,
        fc.constantFrom(...regions),
        fc.nat({ max: 5 }),
        prefix,
        fc.array(separator, { minLength: 20, maxLength: 20 }),
        (stored, name, cut, start, between) => {
          const region = asRegion(name)
          // Another spelling of the same digits, as far as its prefix goes.
          const bare = (toE164(stored, region) ?? stored).replaceAll(/\D/g, "").slice(cut)
          const wanted = start + Array.from(bare, (digit, index) => `${digit}${between[index] ?? ""}`).join("")
          for (const [left, right] of [
            [wanted, stored],
            [stored, wanted],
            [stored, toE164(stored, region) ?? stored]
          ] as const) {
            const isSame = hasNumber({ id: "", from: { number: left } }, right, region)
            expect(isSame && !finds(numberPattern(right, region), ["anonymous", left, "7"])).toBe(false)
          }
        }
      ),
      { numRuns: 2000 }
    )
  })

  it("matches any text itself, behind whatever numbers stand before it", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(...Array.from("^$.*+?()[]{}|\\d1-")) })
    )
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, ukraine), (number, region) => {
        expect(finds(numberPattern(number, region), ["380440000000", number])).toBe(true)
      }),
      { numRuns: 2000 }
    )
  })

  it("finds less than everything for what would be an expression for everything", () => {
    const numbers = ["380501112233", "101"]
    for (const hostile of [
      ".*",
      ".",
      "^",
      "$",
      "^$",
      "[0-9]+",
      "1|2",
      "(1)",
      "\\d",
      "'); drop table calls;--",
      "{1}"
    ]) {
      expect([hostile, finds(numberPattern(hostile, ukraine), numbers)]).toEqual([hostile, false])
    }
  })
})

describe("hasNumber", () => {
  const row = { id: "1", from: { number: "0501234567", name: "101" }, to: { number: "102" }, destination: "0800" }

  it.each([
    ["the caller's as written", row, "0501234567", true],
    ["the caller's by E.164", row, "+380 50 123-45-67", true],
    ["the callee's", row, "102", true],
    ["what was dialled, where the callee has a number", row, "0800", false],
    ["what was dialled, where the callee has none", { ...row, to: { number: "" } }, "0800", true],
    ["a name", row, "101", false],
    ["a number without its trunk prefix", row, "501234567", true],
    ["a part of a number", row, "50123456", false],
    ["nothing", { id: "1" }, "101", false]
  ])("goes by %s", (_, leg, wanted, expected) => {
    expect(hasNumber(leg, wanted, ukraine)).toBe(expected)
  })
})
