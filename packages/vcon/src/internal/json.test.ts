import { describe, expect, it } from "vitest"
import { jsonOf } from "./json.ts"

describe("jsonOf", () => {
  it.each<[string, unknown, string]>([
    ["sorts the members that a vCon does not have", { z: 1, a: 2, é: 3 }, '{"a":2,"z":1,"é":3}'],
    [
      "puts a vCon's own members first, in their order",
      { a: 1, dialog: [], uuid: "" },
      '{"uuid":"","dialog":[],"a":1}'
    ],
    ["sorts at every depth", [{ b: { d: 1, c: 2 } }], '[{"b":{"c":2,"d":1}}]'],
    ["keeps the order of lists", ["b", "a"], '["b","a"]'],
    ["writes instants in UTC", new Date("2026-03-08T22:30:29.505+01:00"), '"2026-03-08T21:30:29.505Z"'],
    ["has null for what is no instant and no number", [new Date(Number.NaN), Number.NaN, Infinity], "[null,null,null]"],
    ["has text for integers that are too large", { id: 12_345_678_901_234_567_890n }, '{"id":"12345678901234567890"}'],
    ["has one zero", [-0], "[0]"],
    ["leaves out what JSON does not have", { a: undefined, b: () => 1, c: Symbol("c") }, "{}"],
    ["keeps the places in a list", [undefined, 1], "[null,1]"],
    ["keeps a member called __proto__", JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}']
  ])("%s", (_, value, expected) => {
    expect(JSON.stringify(jsonOf(value))).toBe(expected)
  })
})
