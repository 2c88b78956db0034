import { createHash } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { generateCalls } from "../calls/generateCalls.ts"
import { everyRow, makeSimulators, textsAt } from "./tryClient.ts"
import type { DatabaseRow } from "./Webitel.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const startedAt = new Date("2026-05-01T12:00:00Z")
const legId = "aaaaaaaa-0000-4000-8000-000000000000"

const at = (rows: Iterable<DatabaseRow>, column: string): ReadonlyArray<string> =>
  Array.from(rows, (row) => String(row[column]))

// The columns of a table by its statement.
const columnsOf = (ddl: string, table: string): ReadonlyArray<string> => {
  const [, body = ""] = ddl.split(`CREATE TABLE ${table} (`)
  return Array.from(body.split("\n);")[0]?.matchAll(/^ {2}([a-z]\w*) /gm) ?? [], ([, name]) => name ?? "")
}

describe("the data as rows of tables", () => {
  it("has the legs of the history, with the same times to the millisecond", async () => {
    const webitel = await start({ unset: "zero-string" })
    const rows = Array.from(webitel.dataSet().calls)
    const items = await everyRow(webitel, { created_at: { from: 0 }, size: 1000, sort: "created_at" })
    expect(at(rows, "id").toSorted()).toEqual(textsAt(items, "id").toSorted())
    const itemsById = new Map(items.map((item) => [item["id"], item]))
    for (const row of rows) {
      const item = itemsById.get(String(row["id"]))
      expect(String(Date.parse(String(row["created_at"])))).toBe(item?.["created_at"])
      const micros = Number(String(row["stored_at"]).slice(23, 26))
      const floor = Date.parse(`${String(row["stored_at"]).slice(0, 23)}Z`)
      expect(String(Math.round(floor + micros / 1000))).toBe(item?.["stored_at"])
    }
  })

  it("has the files that are there, and those that are not there yet among the uploads", async () => {
    const webitel = await start({
      extraRecordings: [
        { callId: legId, startedAt },
        { callId: legId, startedAt, readyAt: new Date("2026-06-01T12:30:00Z") },
        { callId: legId, startedAt, state: "malware" },
        { callId: legId, startedAt, retentionUntil: new Date("2026-05-20T00:00:00Z") }
      ]
    })
    const ids = (state: string) =>
      webitel.truth.filter((truth) => truth.callId === legId && truth.state === state).map(({ fileId }) => fileId)
    const own = (rows: Iterable<DatabaseRow>) =>
      at(
        Array.from(rows).filter(({ uuid }) => uuid === legId),
        "id"
      )
    const { files, uploadJobs } = webitel.dataSet()
    expect(own(files)).toEqual([...ids("available"), ...ids("malware")].toSorted())
    expect(own(uploadJobs)).toEqual(ids("not-ready"))
    webitel.setNow(new Date("2026-06-01T12:30:00Z"))
    expect(own(uploadJobs)).toEqual([])
    expect(own(files)).toHaveLength(3)
  })

  it("tells of a file what the history tells, with the media type as it is stored", async () => {
    const webitel = await start()
    const truths = new Map(webitel.truth.map((truth) => [truth.fileId, truth]))
    const rows = Array.from(webitel.dataSet().files).filter(({ id }) => truths.has(String(id)))
    expect(rows.length).toBeGreaterThan(250)
    for (const row of rows) {
      const truth = truths.get(String(row["id"]))
      expect(row).toMatchObject({
        uuid: truth?.callId,
        mime_type: truth?.mediaType,
        size: String(truth?.bytes),
        view_name: truth?.name,
        name: `${truth?.callId}_${truth?.name}`,
        domain_id: webitel.domain
      })
    }
  })

  it("has its files' bytes where their rows say, except those that are lost", async () => {
    const extra = { callId: legId, startedAt, durationSeconds: 3 }
    const webitel = await start({
      world: generateCalls({ seed: "files", from: startedAt, to: new Date("2026-05-02T00:00:00Z"), count: 3 }),
      extraRecordings: [extra, { ...extra, mimeType: "audio/wav" }, { startedAt, state: "unreadable" }]
    })
    const folder = await mkdtemp(join(tmpdir(), "callreel-files-"))
    try {
      const rows = Array.from(webitel.dataSet().files)
      expect(await webitel.writeFiles(folder)).toBe(rows.length - 1)
      const found = await Promise.all(
        rows.map(async (row) => {
          const { directory } = JSON.parse(String(row["properties"])) as { directory: string }
          const bytes = await readFile(join(folder, directory, String(row["name"]))).catch(() => undefined)
          const truth = webitel.truth.find(({ fileId }) => fileId === row["id"])
          return bytes && truth && createHash("sha512").update(bytes).digest("hex") === truth.sha512()
        })
      )
      expect(found.filter((isRight) => isRight === true).length).toBeGreaterThanOrEqual(2)
      expect(found.filter((isRight) => isRight === false)).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it("has only columns that its statements create", async () => {
    const webitel = await start({ extraRecordings: [{ startedAt, readyAt: new Date("2026-06-02T00:00:00Z") }] })
    const { ddl, tables, ...lists } = webitel.dataSet()
    for (const [name, rows] of Object.entries(lists)) {
      const columns = columnsOf(ddl, Object.entries(tables).find(([list]) => list === name)?.[1] ?? "")
      const used = new Set(Array.from(rows).flatMap((row) => Object.keys(row)))
      expect(used.size).toBeGreaterThan(0)
      expect(Array.from(used).filter((column) => !columns.includes(column))).toEqual([])
    }
  })
})

describe("events", () => {
  it("tell the end of a leg before anything is stored", async () => {
    const webitel = await start({ extraRecordings: [{ callId: legId, startedAt, durationSeconds: 10 }] })
    const { body, routingKey } = webitel.hangupEvent({ callId: legId })
    expect(routingKey).toBe(`events.hangup.fs-node-1.${webitel.domain}.0`)
    const message = JSON.parse(body) as { data: string; timestamp: string }
    expect(message).toMatchObject({ id: legId, event: "hangup", domain_id: webitel.domain })
    const end = startedAt.getTime() + 10_000
    expect(Number(message.timestamp)).toBe(end)
    expect(JSON.parse(message.data)).toMatchObject({
      cause: "NORMAL_CLEARING",
      record_start: startedAt.getTime(),
      record_stop: end
    })
    expect(JSON.parse(webitel.flowEvent({ callId: legId }).body)).toMatchObject({ call_id: legId })
    expect(() => webitel.flowEvent({ callId: "nonsense" })).toThrow(RangeError)
  })
})
