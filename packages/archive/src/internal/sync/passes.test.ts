import { Recording } from "@callreel/recording"
import { describe, expect, it } from "vitest"
import type { Entry } from "../../Entry.ts"
import { entryFor, minutesAfter } from "../testing/test/sync/worlds.ts"
import { endOfTime, passesOf } from "./passes.ts"

const begun = minutesAfter(100)
const now = minutesAfter(110)
const day = 24 * 60

const listedAs = (availability: Recording["availability"]): string =>
  JSON.stringify(Recording.encode(entryFor({ id: "1", availability }).recording))

const available = listedAs({ state: "available" })
const notReady = listedAs({ state: "pending", retryAt: minutesAfter(300) })

const entry = (more: Partial<Entry>): Entry => ({
  source: "us",
  id: "1",
  state: "pending",
  attempts: 0,
  recording: available,
  ...more
})

const passes = passesOf({ source: "us" }, { begun, now }, false)
const turnIn = (number: number, more: Partial<Entry>) => passes[number]?.isDue(entry(more), now)

describe("the passes of a run", () => {
  it("are what waits, then what failed before it", () => {
    expect(passes.map(({ query }) => query)).toEqual([
      { source: "us", now, state: "pending" },
      { source: "us", now: new Date(begun.getTime() - 1), state: "failed" }
    ])
  })

  it("are what failed and what was refused, whenever that was, where only these are wanted", () => {
    const retried = passesOf({ source: "us" }, { begun, now }, true)
    expect(retried.map(({ query }) => query)).toEqual([
      { source: "us", now: endOfTime, state: "failed" },
      { source: "us", now: endOfTime, state: "unavailable", reason: "forbidden" }
    ])
    expect(retried.map(({ isDue }) => isDue(entry({ retryAt: minutesAfter(1e6) }), now))).toEqual([true, true])
  })

  it("keep to a window, and take nothing else from a query", () => {
    const window = { from: minutesAfter(0), to: minutesAfter(1) }
    for (const { query } of passesOf({ source: "us", ...window, states: ["archived"] }, { begun, now }, false)) {
      expect(query).toMatchObject(window)
      expect(query).not.toHaveProperty("states")
    }
  })
})

describe("the turn of what is pending", () => {
  it.each([
    ["has come at its instant", { retryAt: now, reason: "Pending" }, true],
    ["has come after it", { retryAt: begun, reason: "RateLimited" }, true],
    ["has come where there is no instant", { reason: "Pending" }, true],
    ["has not come before it where the vendor put it off", { retryAt: minutesAfter(111), reason: "Pending" }, false],
    ["nor where a limit did", { retryAt: minutesAfter(111), reason: "RateLimited" }, false],
    ["nor where it was listed as not ready", { retryAt: minutesAfter(111), recording: notReady }, false],
    ["has come where it was only listed, by whatever clock", { retryAt: minutesAfter(111) }, true],
    ["has come where its file is lost", { retryAt: minutesAfter(111), reason: "lost" }, true],
    ["has not come days before it", { retryAt: minutesAfter(110 + 7 * day), reason: "Pending" }, false],
    [
      "has come where no vendor puts anything off so long",
      { retryAt: minutesAfter(111 + 7 * day), reason: "Pending" },
      true
    ],
    ["waits where nothing is known of it", { retryAt: minutesAfter(111), recording: "damaged" }, false]
  ] satisfies ReadonlyArray<readonly [string, Partial<Entry>, boolean]>)("%s", (_, more, expected) => {
    expect(turnIn(0, more)).toBe(expected)
  })
})

describe("the turn of what failed", () => {
  it.each([
    ["has come where that was before the run", { retryAt: minutesAfter(99) }, true],
    ["has come where nobody knows when", {}, true],
    ["has not come where that was at the run's beginning", { retryAt: begun }, false],
    ["nor within the run", { retryAt: minutesAfter(105) }, false],
    ["nor just now", { retryAt: now }, false],
    ["has come where that is still to come: the clock was ahead", { retryAt: minutesAfter(111) }, true]
  ] satisfies ReadonlyArray<readonly [string, Partial<Entry>, boolean]>)("%s", (_, more, expected) => {
    expect(turnIn(1, { state: "failed", reason: "Unavailable", ...more })).toBe(expected)
  })
})
