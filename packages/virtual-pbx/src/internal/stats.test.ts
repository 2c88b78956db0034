import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { readStats } from "./stats.ts"

describe("readStats", () => {
  it.effect.each([
    ["short names", { count: 3, size: 925_040 }],
    ["long names", { call_records_count: 3, call_records_size: 925_040 }],
    ["other long names", { total_size: 925_040, files_count: 3 }],
    ["size first", { records_size: 925_040, records: 3 }],
    ["numbers as text", { count: "3", size: "925040" }],
    [
      "months",
      [
        { year_month: "2024-10", call_records_count: 1, call_records_size: 5 },
        { year_month: "2024-11", call_records_count: 2, call_records_size: 925_035 }
      ]
    ]
  ] as const)("reads %s", ([_, answer]) =>
    Effect.gen(function* () {
      expect(yield* readStats(answer)).toEqual({ recordings: 3, bytes: 925_040 })
    })
  )

  it.effect("reads an empty window", () =>
    Effect.gen(function* () {
      expect(yield* readStats({ count: 0, size: null })).toEqual({ recordings: 0, bytes: 0 })
      expect(yield* readStats([])).toEqual({ recordings: 0, bytes: 0 })
    })
  )

  it.effect.each([
    ["one figure", { count: 3 }],
    ["names that say nothing", { a: 3, b: 5 }],
    ["two sizes", { size: 3, bytes: 5, count: 1 }],
    ["a negative count", { count: -3, size: 5 }],
    ["no object", 5],
    ["null", null]
  ] as const)("does not guess at %s", ([_, answer]) =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(readStats(answer))).toMatchObject({ _tag: "InvalidResponse" })
    })
  )
})
