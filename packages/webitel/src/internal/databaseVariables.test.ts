import { describe, expect, it } from "vitest"
import { variableTexts } from "./databaseVariables.ts"

describe("the variables of a payload", () => {
  it.each([
    [
      { a: "text", b: "" },
      { a: "text", b: "" }
    ],
    [
      { a: 380501112233, b: 0.5, c: -7, d: true },
      { a: "380501112233", b: "0.5", c: "-7", d: "true" }
    ],
    [{ a: null }, { a: "<nil>" }],
    [
      { a: ["x", 1, null], b: [] },
      { a: "x, 1, <nil>", b: "" }
    ],
    [{ a: [["x", "y"], { z: 1 }] }, { a: "[x y], map[z:1]" }],
    [{ a: { y: [1, 2], x: { z: null } } }, { a: "map[x:map[z:<nil>] y:[1 2]]" }]
  ])("are the texts of %j", (payload, expected) => {
    expect(variableTexts(payload)).toEqual(expected)
  })

  it.each([null, undefined, {}, [], "text", 7])("are none in %j", (payload) => {
    expect(variableTexts(payload)).toBeUndefined()
  })
})
