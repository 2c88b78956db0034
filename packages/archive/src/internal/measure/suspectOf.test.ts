import { describe, expect, it } from "vitest"
import { type Reported, suspectOf } from "./suspectOf.ts"

interface Row {
  readonly reported: Reported
  readonly measured: { readonly bytes: number; readonly durationSeconds?: number }
  readonly suspect: string | undefined
}

const table: ReadonlyArray<Row> = [
  { reported: {}, measured: { bytes: 1, durationSeconds: 1 }, suspect: undefined },
  { reported: { bytes: 20_016 }, measured: { bytes: 20_016 }, suspect: undefined },
  { reported: { bytes: 20_016 }, measured: { bytes: 20_015 }, suspect: "20016 bytes reported, 20015 came" },
  { reported: { bytes: 0 }, measured: { bytes: 3 }, suspect: "0 bytes reported, 3 came" },
  { reported: { durationSeconds: 10 }, measured: { bytes: 1, durationSeconds: 12 }, suspect: undefined },
  {
    reported: { durationSeconds: 10 },
    measured: { bytes: 1, durationSeconds: 12.1 },
    suspect: "10 s reported, 12.1 s measured"
  },
  {
    reported: { durationSeconds: 10 },
    measured: { bytes: 1, durationSeconds: 7.9 },
    suspect: "10 s reported, 7.9 s measured"
  },
  { reported: { durationSeconds: 1000 }, measured: { bytes: 1, durationSeconds: 950 }, suspect: undefined },
  {
    reported: { durationSeconds: 1000 },
    measured: { bytes: 1, durationSeconds: 949.94 },
    suspect: "1000 s reported, 949.9 s measured"
  },
  { reported: { durationSeconds: 1000 }, measured: { bytes: 1 }, suspect: undefined },
  {
    reported: { bytes: 9, durationSeconds: 35 },
    measured: { bytes: 8, durationSeconds: 17.216 },
    suspect: "9 bytes reported, 8 came; 35 s reported, 17.2 s measured"
  }
]

describe("suspectOf", () => {
  it.each(table)("$reported against $measured: $suspect", ({ measured, reported, suspect }) => {
    expect(suspectOf(reported, measured)).toBe(suspect)
  })
})
