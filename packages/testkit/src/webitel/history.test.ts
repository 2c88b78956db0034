import { afterEach, describe, expect, it } from "vitest"
import { everyRow, filesOf, history, makeSimulators, textsAt } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const legId = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`

describe("a search of the history", () => {
  it("needs a filter", async () => {
    const webitel = await start()
    expect(await history(webitel, "size=10&has_file=true")).toMatchObject({
      status: 400,
      error: "grpc.call.search_history"
    })
    expect(await history(webitel, "created_at.from=0&size=10")).toMatchObject({ status: 200, next: true })
  })

  it("gives the newest first, in pages without a total, and every row once", async () => {
    const webitel = await start()
    const rows = await everyRow(webitel, { created_at: { from: 0 }, size: 200 })
    const created = rows.map((row) => Number(row["created_at"]))
    expect(created).toEqual(created.toSorted((left, right) => right - left))
    expect(rows.length).toBeGreaterThan(600)
    expect((await history(webitel, { created_at: { from: 0 }, size: rows.length })).next).toBe(false)
    expect((await history(webitel, { created_at: { from: 0 }, size: rows.length - 1 })).next).toBe(true)
    expect((await history(webitel, { created_at: { from: 0 }, size: 200, page: 99 })).items).toEqual([])
  })

  it("includes both bounds of created_at, to the millisecond", async () => {
    const at = Date.UTC(2026, 4, 1, 12)
    const webitel = await start({
      extraRecordings: [-1, 0, 10, 11].map((offset, index) => ({
        callId: legId(String(index)),
        startedAt: new Date(at + offset)
      }))
    })
    const { items } = await history(webitel, { created_at: { from: at, to: at + 10 }, sort: "+created_at" })
    expect(textsAt(items, "id")).toEqual([legId("1"), legId("2")])
  })

  it("goes by the microseconds of stored_at but tells milliseconds: only windows that share a border lose nothing", async () => {
    const at = Date.UTC(2026, 4, 1, 12)
    const startedAt = new Date(at - 60_000)
    const webitel = await start({
      extraRecordings: [
        { callId: legId("1"), startedAt, storedAt: new Date(at), storedAtMicroseconds: 0 },
        { callId: legId("2"), startedAt, storedAt: new Date(at - 1), storedAtMicroseconds: 700 }
      ]
    })
    const stored = async (from: number, to: number) =>
      textsAt((await history(webitel, { stored_at: { from, to }, sort: "id" })).items, "id")
    expect(await stored(at - 5000, at - 1)).toEqual([])
    expect(await stored(at, at + 5000)).toEqual([legId("1")])
    expect(await stored(at - 5000, at)).toEqual([legId("1"), legId("2")])
  })

  it("drops a filter on stored_at that has one bound only", async () => {
    const webitel = await start()
    const all = await everyRow(webitel, { created_at: { from: 0 }, size: 1000, sort: "id" })
    const dropped = await everyRow(webitel, { stored_at: { from: Date.UTC(2026, 3, 1) }, size: 1000, sort: "id" })
    expect(textsAt(dropped, "id")).toEqual(textsAt(all, "id"))
  })

  it("gives the default fields, or those that are named; unknown names do not matter", async () => {
    const startedAt = new Date("2026-05-01T12:00:00Z")
    const webitel = await start({
      unset: "zero-string",
      extraRecordings: [{ callId: legId("a"), startedAt, variables: { Company: "x", priority: 5, list: ["a", "b"] } }]
    })
    const row = async (fields: ReadonlyArray<string>) => (await history(webitel, { id: [legId("a")], fields })).items[0]
    const byDefault = Object.keys((await row([])) ?? {})
    expect(byDefault).toContain("files")
    expect(byDefault).toContain("allow_evaluation")
    for (const name of ["transcripts", "transfer_from", "talk_sec", "has_children", "type"]) {
      expect(byDefault).not.toContain(name)
    }
    expect(await row(["id", "talk_sec", "nonsense"])).toEqual({ id: legId("a"), talk_sec: 10 })
    expect(await row(["id", "variables"])).toEqual({
      id: legId("a"),
      variables: { Company: "x", priority: "5", list: "a, b" }
    })
    expect(await row(["id", "variables.priority"])).toEqual({ id: legId("a"), variables: { priority: "5" } })
  })

  it("shows a leg when it is stored, as far as the replica has got, and never before", async () => {
    const startedAt = new Date("2026-05-01T12:00:00Z")
    const storedAt = new Date("2026-05-01T13:00:00Z")
    const webitel = await start({
      replicationLag: 5000,
      extraRecordings: [{ callId: legId("a"), startedAt, storedAt }]
    })
    const seenAt = async (time: string) => {
      webitel.setNow(new Date(time))
      return (await history(webitel, { id: [legId("a")] })).items.length
    }
    expect(await seenAt("2026-05-01T13:00:04.999Z")).toBe(0)
    expect(await seenAt("2026-05-01T13:00:05.000Z")).toBe(1)
  })

  it("shows a late file on a row that has been there for long", async () => {
    const startedAt = new Date("2026-05-01T12:00:00Z")
    const readyAt = new Date("2026-05-02T08:00:00Z")
    const webitel = await start({ extraRecordings: [{ callId: legId("a"), startedAt, readyAt }] })
    const filesAt = async (time: string) => {
      webitel.setNow(new Date(time))
      return filesOf((await history(webitel, { id: [legId("a")] })).items[0]).length
    }
    expect(await filesAt("2026-05-02T07:59:59.999Z")).toBe(0)
    expect(webitel.truth.find(({ callId }) => callId === legId("a"))?.state).toBe("not-ready")
    expect(await filesAt("2026-05-02T08:00:00Z")).toBe(1)
  })

  it("fails with 500 where it would take too long, or be too large", async () => {
    const webitel = await start({ queryTimeout: { rows: 100, milliseconds: 86_400_000 }, messageCap: 30_000 })
    const day = { from: Date.UTC(2026, 0, 10), to: Date.UTC(2026, 0, 11) }
    const failed = { status: 500, error: "store.sql_call.get_history.app_error" }
    expect(await history(webitel, { created_at: day })).toMatchObject({ status: 200 })
    expect(await history(webitel, { created_at: { ...day, to: day.to + 1 } })).toMatchObject(failed)
    expect(await history(webitel, { number: "7" })).toMatchObject(failed)
    const roomy = await start({ messageCap: 30_000 })
    expect(await history(roomy, { created_at: { from: 0 }, size: 5 })).toMatchObject({ status: 200 })
    expect(await history(roomy, { created_at: { from: 0 }, size: 200 })).toMatchObject({
      status: 500,
      error: "go.micro.client"
    })
  })
})
