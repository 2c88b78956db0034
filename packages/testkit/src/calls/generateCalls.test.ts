import { describe, expect, it } from "vitest"
import { generateCalls } from "./generateCalls.ts"
import { scenarios } from "./scenarios.ts"
import type { SimulatedCall } from "./SimulatedCall.ts"

const from = new Date("2026-01-10T00:00:00Z")
const to = new Date("2026-04-10T00:00:00Z")
const make = (seed = "a", count = 2000) => generateCalls({ seed, from, to, count })
const calls = Array.from(make())
const legs = calls.flatMap((call) => call.legs)
const recordings = legs.flatMap(({ recording }) => (recording === undefined ? [] : [recording]))
const starts = new Set(calls.map(({ startedAt }) => startedAt.toISOString()))

const example = (name: string): SimulatedCall => {
  const call = calls.find(({ scenario }) => scenario === name)
  if (call === undefined) throw new Error(`there is no ${name}`)
  return call
}

describe("generateCalls", () => {
  it("makes the same world of the same seed, call by call, in any order", () => {
    const again = make()
    expect([1999, 0, 7].map((index) => again.call(index))).toEqual([1999, 0, 7].map((index) => calls[index]))
    expect(make("b").call(7)).not.toEqual(calls[7])
  })

  it("has the number of calls asked for, all within the window", () => {
    expect(calls).toHaveLength(2000)
    expect(calls.every(({ startedAt }) => startedAt >= from && startedAt < to)).toBe(true)
  })

  it("gives every call, leg and recording an id of its own", () => {
    const ids = [...calls, ...legs, ...recordings].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => /^[\da-f]{32}$/.test(id))).toBe(true)
  })

  it("holds every example in forty calls", () => {
    const some = calls.slice(1000, 1040).map(({ scenario }) => scenario)
    expect(new Set(some)).toEqual(new Set(scenarios.map(({ name }) => name)))
  })

  it("starts calls exactly on the borders of the window and of months, UTC and Moscow, and just before", () => {
    for (const border of [
      "2026-01-10T00:00:00.000Z",
      "2026-04-09T23:59:59.999Z",
      "2026-02-01T00:00:00.000Z",
      "2026-01-31T23:59:59.999Z",
      "2026-01-31T21:00:00.000Z",
      "2026-01-31T20:59:59.999Z"
    ]) {
      expect(starts).toContain(border)
    }
  })

  it("lets calls ring over the end of a month", () => {
    const over = legs.filter(
      ({ answeredAt, startedAt }) => answeredAt !== undefined && answeredAt.getUTCMonth() !== startedAt.getUTCMonth()
    )
    expect(over.length).toBeGreaterThanOrEqual(3)
  })

  it("starts several calls in one second and in one millisecond", () => {
    const seconds = Map.groupBy(calls, ({ startedAt }) => startedAt.toISOString().slice(0, 19))
    expect(Math.max(...Array.from(seconds.values(), ({ length }) => length))).toBeGreaterThanOrEqual(6)
    expect(starts.size).toBeLessThan(calls.length)
  })

  it("records every leg of a transfer, and a queue beside its agent, under one call", () => {
    const transfer = example("transfer")
    expect(transfer.legs.length).toBeGreaterThanOrEqual(2)
    expect(transfer.legs.map(({ transferred }) => transferred)).toEqual(transfer.legs.map((_, index) => index > 0))
    expect(transfer.legs.every(({ recording }) => recording?.state === "available")).toBe(true)
    const queue = example("queue")
    expect(queue.legs.map(({ extension }) => extension.type)).toEqual(["queue", "phone"])
    expect(queue.legs.every(({ recording }) => recording !== undefined)).toBe(true)
  })

  it("records both ends of internal calls, and of a ring group only who answered", () => {
    const internal = example("internal")
    expect(internal).toMatchObject({ direction: "internal", legs: [{ flow: "out" }, { flow: "in" }] })
    const group = example("ring-group")
    expect(group.legs.map(({ outcome }) => outcome)).toEqual(["answered-elsewhere", "answered", "answered-elsewhere"])
    expect(group.legs.filter(({ recording }) => recording !== undefined)).toHaveLength(1)
  })

  it.each(["missed", "busy", "rejected", "failed", "phantom"])("records nothing of a call that is %s", (name) => {
    expect(example(name).legs.map(({ answeredAt, recording }) => [answeredAt, recording])).toEqual([
      [undefined, undefined]
    ])
  })

  it("knows a call that counts as answered although no leg was", () => {
    expect(example("phantom")).toMatchObject({ outcome: "answered", legs: [{ outcome: "failed" }] })
  })

  it("has recordings that are empty, expired or too short", () => {
    expect(example("empty").legs[0]?.recording).toMatchObject({ state: "empty", durationSeconds: 0 })
    expect(example("expired").legs[0]?.recording?.state).toBe("expired")
    const short = example("too-short").legs[0]?.recording
    expect(short?.state).toBe("too-short")
    expect(short?.durationSeconds).toBeLessThan(1)
  })

  it("never makes a recording ready before its leg ends, nor visible before it is ready; some are hours late", () => {
    for (const { endedAt, recording } of legs) {
      if (recording === undefined) continue
      expect(recording.readyAt.getTime()).toBeGreaterThan(endedAt.getTime())
      expect(recording.visibleFrom.getTime()).toBeGreaterThanOrEqual(recording.readyAt.getTime())
      expect(recording.changesAt?.getTime() ?? Infinity).toBeGreaterThan(recording.visibleFrom.getTime())
    }
    const late = recordings.filter(({ readyAt, visibleFrom }) => visibleFrom.getTime() - readyAt.getTime() > 600_000)
    expect(late.length / recordings.length).toBeCloseTo(1 / 13, 1)
    expect(recordings.some(({ changesAt }) => changesAt !== undefined)).toBe(true)
  })

  it("writes numbers as switches do, and names in several scripts", () => {
    const numbers = calls.flatMap(({ from: caller, to: called }) => [caller.number, called.number])
    for (const form of [/^\+7\d{10}$/, /^8\d{10}$/, /^7\d{10}$/, /^anonymous$/, /XXX/, /\*/, /^\d{3}$/, /^\+1/]) {
      expect(numbers.some((number) => form.test(number))).toBe(true)
    }
    const names = calls.map(({ from: caller }) => caller.name ?? "").join("")
    for (const script of [/\p{Script=Cyrillic}/u, /\p{Script=Han}/u, /\p{Script=Latin}/u, /["<&]/]) {
      expect(names).toMatch(script)
    }
  })

  it("takes any count, also none", () => {
    expect(Array.from(make("a", 0))).toEqual([])
    expect(Array.from(make("a", 2))).toHaveLength(2)
  })
})
