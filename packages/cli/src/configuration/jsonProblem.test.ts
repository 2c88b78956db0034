import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { jsonProblem } from "./jsonProblem.ts"

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe("jsonProblem", () => {
  it.each([
    ['{\n  "a": 1,\n}', 3, 1, "a name in double quotes"],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, '"," or "}"'],
    ['{"a" 1}', 1, 6, '":"'],
    ['{"a": s3cret}', 1, 7, "a value"],
    ['["a", ]', 1, 7, "a value"],
    ['{"a": "b}', 1, 7, "a quote"],
    ['{"a": 1} x', 1, 10, "the end"],
    ["", 1, 1, "a value"],
    ['{\n  // office\n  "a": 1}', 2, 3, "no comments"],
    ["{'a': 1}", 1, 2, "a name in double quotes"]
  ])("%j: line %i, column %i, %s", (text, line, column, detail) => {
    const problem = jsonProblem(text)
    expect(problem).toMatchObject({ line, column })
    expect(problem?.detail).toContain(detail)
    expect(problem?.detail).not.toContain("s3cret")
  })

  it("finds no problem in what JSON.parse takes", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2, "\t"), (text, indent) => {
        expect(jsonProblem(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined()
      })
    )
  })

  it("finds one exactly where JSON.parse does, whatever was damaged", () => {
    const damage = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", ",", "}", '"', "\\", "0", "-", ".", "e", "\n", "\u0001", "t", "true")
    )
    fc.assert(
      fc.property(damage, ([text, position, inserted]) => {
        const at = position % (text.length + 1)
        const damaged = text.slice(0, at) + inserted + text.slice(at + (inserted === "" ? 1 : 0))
        expect(jsonProblem(damaged) === undefined).toBe(isJson(damaged))
      }),
      { numRuns: 3_000 }
    )
  })
})
