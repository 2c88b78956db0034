import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { kept } from "./kept.ts"

describe("kept", () => {
  it("answers as the function does, whatever is asked in whatever order", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 1 })), fc.integer({ min: 1, max: 5 }), (questions, most) => {
        const answer = kept(most, (question) => (question === "" ? undefined : question.toUpperCase()))
        const answers = questions.map(answer)
        expect(answers).toEqual(questions.map((question) => (question === "" ? undefined : question.toUpperCase())))
      })
    )
  })

  it("asks once for what was among the last questions, an empty result included, and again for what was not", () => {
    const asked: Array<string> = []
    const answer = kept(2, (question) => void asked.push(question))
    for (const question of ["a", "b", "a", "b", "c", "a", "d", "e", "f", "a", "b"]) answer(question)
    expect(asked).toEqual(["a", "b", "c", "d", "e", "f", "a", "b"])
  })

  it("does not keep long questions", () => {
    let asked = 0
    const answer = kept(2, () => (asked += 1))
    expect(["x".repeat(64), "x".repeat(64), "x".repeat(65), "x".repeat(65)].map(answer)).toEqual([1, 1, 2, 3])
  })
})
