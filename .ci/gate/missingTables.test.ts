import { describe, expect, it } from "vitest"
import { missingTables } from "./missingTables.ts"

const table = "| what | measured |\n|---|---|\n| start | 30 ms |\n"

describe("missingTables", () => {
  it.each([
    ["all are there", `machine\n\n### a\n\n${table}\n### b\n\n#### small\n\n${table}\n2 s in all\n`, []],
    ["one was not printed", `### a\n\n${table}`, ["b"]],
    ["one has no rows", `### a\n\n${table}\n### b\n\n| what |\n|---|\n`, ["b"]],
    ["one is only named", `### a\n\n${table}\nb\n`, ["b"]],
    ["one is a part of another's name", `### a\n\n${table}\n### b more\n\n${table}`, ["b"]],
    ["the table stands before its heading", `${table}\n### a\n\n### b\n\n${table}`, ["a"]],
    ["nothing was printed", "", ["a", "b"]]
  ])("when %s", (_, printed, missing) => {
    expect(missingTables(printed, ["a", "b"])).toEqual(missing)
  })
})
