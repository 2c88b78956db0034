import { afterEach, describe, expect, it } from "vitest"
import { generateCalls } from "../calls/generateCalls.ts"
import { everyRow, history, makeSimulators, textsAt } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const world = (count: number) =>
  generateCalls({
    seed: "sorting",
    from: new Date("2026-05-01T00:00:00Z"),
    to: new Date("2026-05-02T00:00:00Z"),
    count
  })

const everything = { stored_at: { from: 1, to: Date.UTC(2027, 0) } }

describe("rows that are equal in what they are sorted by", () => {
  it("are lost and repeated at the borders of pages", async () => {
    const webitel = await start({ world: world(300), batchSize: 1000 })
    const all = await everyRow(webitel, { ...everything, size: 20_000 })
    const storedAt = new Set(textsAt(all, "stored_at"))
    expect(storedAt.size).toBe(1)
    const ids = textsAt(await everyRow(webitel, { ...everything, size: 100, sort: "+stored_at" }), "id")
    expect(ids).toHaveLength(all.length)
    expect(new Set(ids).size).toBeLessThan(all.length)
  })

  it("come once each where the sort is by id", async () => {
    const webitel = await start({ world: world(300), batchSize: 1000 })
    const ids = textsAt(await everyRow(webitel, { ...everything, size: 100, sort: "id" }), "id")
    expect(ids).toEqual(ids.toSorted())
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength((await everyRow(webitel, { ...everything, size: 20_000 })).length)
  })

  it("may be calls that began in the same millisecond", async () => {
    const webitel = await start({ world: world(100), equalCreatedAt: 20 })
    const roots = await everyRow(webitel, { created_at: { from: 0 }, skip_parent: true, size: 1000 })
    const times = Map.groupBy(textsAt(roots, "created_at"), (time) => time)
    // Third agents' legs are roots too, at times of their own.
    expect(Array.from(times.values(), (group) => group.length).filter((size) => size >= 20)).toHaveLength(5)
  })

  it("are sorted again for the same page in the same way", async () => {
    const webitel = await start({ world: world(300), batchSize: 1000 })
    const page = async () =>
      textsAt((await history(webitel, { ...everything, size: 50, page: 3, sort: "stored_at" })).items, "id")
    expect(await page()).toEqual(await page())
  })
})

describe("sort", () => {
  it.each([
    ["-created_at", "created_at", -1],
    ["created_at", "created_at", 1],
    ["+created_at", "created_at", 1],
    [" created_at", "created_at", 1],
    ["-duration", "duration", -1],
    ["", "created_at", -1]
  ])("%j is by %s, in direction %i", async (sort, column, direction) => {
    const webitel = await start({ world: world(100), unset: "zero-string" })
    const { items } = await history(webitel, { ...everything, size: 1000, sort })
    const values = items.map((item) => Number(item[column]))
    expect(values).toEqual(values.toSorted((left, right) => direction * (left - right)))
  })

  it("by what is no column fails", async () => {
    const webitel = await start()
    expect(await history(webitel, { ...everything, sort: "nonsense" })).toMatchObject({
      status: 500,
      error: "store.sql_call.get_history.app_error"
    })
  })

  it("that passes as raw SQL is refused and counted, or done where the option says so", async () => {
    const strict = await start()
    expect(await history(strict, { ...everything, sort: "stored_at desc, id" })).toMatchObject({ status: 400 })
    expect(await history(strict, { ...everything, sort: "(select 1)" })).toMatchObject({ status: 400 })
    expect(strict.counts.rawSorts).toBe(2)
    const open = await start({ world: world(200), batchSize: 1000, rawSort: "honoured" })
    const ids = textsAt(await everyRow(open, { ...everything, size: 50, sort: "stored_at desc, id" }), "id")
    expect(ids).toEqual(ids.toSorted())
    expect(new Set(ids).size).toBe(ids.length)
    expect(await history(open, { ...everything, sort: "(select 1)" })).toMatchObject({ status: 500 })
  })
})

it("many pages of many rows hold each row once", async () => {
  const webitel = await start({ world: world(8000) })
  const ids = textsAt(await everyRow(webitel, { ...everything, size: 500, sort: "id", fields: ["id"] }), "id")
  expect(ids.length).toBeGreaterThan(15_000)
  expect(new Set(ids).size).toBe(ids.length)
})
