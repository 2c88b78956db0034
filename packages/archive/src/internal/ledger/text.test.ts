import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { storedText, textOf } from "./text.ts"

describe("stored text", () => {
  it.each([
    ["plain", "plain"],
    ["", ""],
    ['it\'s "quoted" \\ %_', 'it\'s "quoted" \\ %_'],
    ["☎️ дзвінок 📞", "☎️ дзвінок 📞"],
    ["a\0b", "a\u001a0000b"],
    ["\u001a0000", "\u001a001a0000"],
    ["\u001a", "\u001a001a"],
    ["high \ud83d", "high \u001ad83d"],
    ["low \udcde\0", "low \u001adcde\u001a0000"],
    ["swapped \udcde\ud83d 📞", "swapped \u001adcde\u001ad83d 📞"]
  ])("of %j is %j, and is read back", (text, stored) => {
    expect(storedText(text)).toBe(stored)
    expect(textOf(stored)).toBe(text)
  })

  const anyText = fc.string({
    unit: fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\0", "\u001a", "\ud83d", "\udcde", "0", "001a", "📞")
    )
  })

  it("is what every database takes, and gives the text back", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = storedText(text)
        expect(stored.isWellFormed() && !stored.includes("\0")).toBe(true)
        expect(textOf(stored)).toBe(text)
      })
    )
  })
})
