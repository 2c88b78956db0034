import { afterEach, describe, expect, it } from "vitest"
import { everyRow, filesOf, history, type Item, makeSimulators, textsAt } from "./tryClient.ts"
import type { WebitelSimulator, WebitelVersion } from "./Webitel.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const everything = { created_at: { from: 0 }, size: 1000 }
const legId = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`
const startedAt = new Date("2026-05-01T12:00:00Z")

interface Shown {
  readonly row: Item
  readonly file: Item
}

const shownFiles = async (webitel: WebitelSimulator): Promise<ReadonlyArray<Shown>> =>
  (await everyRow(webitel, everything)).flatMap((row) => filesOf(row).map((file) => ({ row, file })))

describe("the files of the world", () => {
  it("are shown by their leg and its children, and nowhere else", async () => {
    const webitel = await start({ unset: "absent" })
    const rowsOfFile = Map.groupBy(await shownFiles(webitel), ({ file }) => file["id"])
    const listed = webitel.truth.filter(({ state }) => state !== "expired")
    for (const { fileId, legIds } of listed) {
      const rows = rowsOfFile.get(fileId) ?? []
      expect(rows.map(({ row }) => String(row["id"])).toSorted()).toEqual([...legIds].toSorted())
    }
    expect(listed.length).toBe(webitel.truth.length - webitel.truth.filter(({ state }) => state === "expired").length)
    expect(listed.some(({ legIds }) => legIds.length > 3)).toBe(true)
  })

  it("are as the truth says, on the row of the leg that owns them", async () => {
    const webitel = await start({ unset: "absent" })
    const truths = new Map(webitel.truth.map((truth) => [truth.fileId, truth]))
    const own = (await shownFiles(webitel)).flatMap(({ file, row }) => {
      const truth = truths.get(String(file["id"]))
      return truth !== undefined && truth.callId === row["id"] ? [{ file, row, truth }] : []
    })
    expect(own.length).toBeGreaterThan(250)
    for (const { file, row, truth } of own) {
      expect(file).toMatchObject({
        size: String(truth.bytes),
        name: truth.name,
        mime_type: truth.mimeType,
        channel: "call",
        type: "file_type_audio",
        start_record: row["direction"] === "outbound" ? "operator" : "client"
      })
      expect(Object.keys(row).filter((key) => truth.row?.[key] === undefined)).toEqual([])
    }
  })

  it("have another start on a child's row, and there no start_record", async () => {
    const webitel = await start({ unset: "absent" })
    const shown = await shownFiles(webitel)
    const owners = new Map(webitel.truth.map(({ callId, fileId }) => [fileId, callId]))
    const inherited = shown.filter(({ file, row }) => {
      const owner = owners.get(String(file["id"]))
      return owner !== undefined && owner !== row["id"]
    })
    expect(inherited.length).toBeGreaterThan(100)
    expect(inherited.filter(({ file }) => "start_record" in file)).toEqual([])
    const startOf = (id: unknown) => shown.filter(({ file }) => file["id"] === id).map(({ file }) => file["start_at"])
    expect(new Set(startOf(inherited[0]?.file["id"])).size).toBeGreaterThan(1)
  })

  it("are not recordings all of them", async () => {
    const webitel = await start({ unset: "absent" })
    const types = new Set((await shownFiles(webitel)).map(({ file }) => file["type"]))
    expect(types).toEqual(
      new Set([
        "file_type_audio",
        "file_type_video",
        "file_type_screensharing",
        "file_type_screenshot",
        "file_type_pdf"
      ])
    )
    expect(new Set(webitel.truth.map(({ mediaType }) => mediaType))).toEqual(new Set(["audio/mpeg", "audio/wav"]))
  })
})

it.each<[WebitelVersion, ReadonlyArray<string>, string]>([
  ["23.12", [], "audio/mpeg"],
  ["25.08", ["start_record"], "audio/mpeg"],
  ["25.10", ["start_record", "channel"], "audio/mpeg"],
  ["25.12", ["start_record", "channel", "type"], "audio/mp3"],
  ["26.04", ["start_record", "channel", "type"], "audio/mp3"]
])("release %s tells %j of a file, and its type as %s / %s", async (version, extra, mimeType) => {
  const webitel = await start({ version, unset: "zero-string", extraRecordings: [{ callId: legId("1"), startedAt }] })
  const [file] = filesOf((await history(webitel, { id: [legId("1")] })).items[0])
  expect(Object.keys(file ?? {}).toSorted()).toEqual(
    ["id", "name", "size", "mime_type", "start_at", "stop_at", ...extra].toSorted()
  )
  expect(file?.["mime_type"]).toBe(mimeType)
})

describe("an extra recording", () => {
  it("may lie with others on one leg, below a parent that is made for it", async () => {
    const webitel = await start({
      unset: "absent",
      extraRecordings: [
        { callId: legId("2"), parentId: legId("1"), startedAt, bytes: 50_000, tags: ["vip"], variables: { a: "b" } },
        { callId: legId("2"), startedAt, kind: "screen" },
        { callId: legId("2"), startedAt, mimeType: "audio/wav", channels: 2, durationSeconds: 3 }
      ]
    })
    const { items } = await history(webitel, {
      id: [legId("1"), legId("2")],
      sort: "id",
      fields: ["id", "parent_id", "files"]
    })
    expect(items.map((item) => [item["id"], item["parent_id"], filesOf(item).length])).toEqual([
      [legId("1"), undefined, 0],
      [legId("2"), legId("1"), 3]
    ])
    expect(new Set(textsAt(filesOf(items[1]), "type"))).toEqual(new Set(["file_type_audio", "file_type_screensharing"]))
    const truths = webitel.truth.filter(({ rootId }) => rootId === legId("1"))
    const [wav, mp3] = truths
    expect(wav).toMatchObject({ mediaType: "audio/wav", channels: 2, bytes: 3 * 32_000 + 44 })
    expect(mp3?.bytes).toBeGreaterThanOrEqual(50_000)
    expect(mp3).toMatchObject({ mediaType: "audio/mpeg", channels: 1 })
    expect(truths).toHaveLength(2)
    expect(mp3).toMatchObject({ callId: legId("2"), tags: ["vip"], variables: { a: "b" }, scenario: "extra" })
  })

  it("may be a leg without a file, and one that nobody answered", async () => {
    const webitel = await start({
      unset: "absent",
      extraRecordings: [{ callId: legId("1"), startedAt, withoutFile: true, answeredAt: null }]
    })
    const [row] = (await history(webitel, { id: [legId("1")] })).items
    expect(row).toMatchObject({ cause: "NO_ANSWER" })
    expect(row).not.toHaveProperty("answered_at")
    expect(filesOf(row)).toEqual([])
  })
})

it("the same seed gives the same server, another seed another one", async () => {
  const rows = async (seed: string) =>
    (await history(await start({ seed }), { created_at: { from: 0 }, size: 50 })).items
  expect(await rows("a")).toEqual(await rows("a"))
  expect(await rows("a")).not.toEqual(await rows("b"))
})
