import { afterEach, describe, expect, it } from "vitest"
import { everyRow, filesOf, history, type Item, makeSimulators, textsAt } from "./tryClient.ts"
import type { WebitelSimulator } from "./Webitel.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const legId = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`
const startedAt = new Date("2026-05-01T12:00:00Z")
const window = { created_at: { from: startedAt.getTime(), to: startedAt.getTime() + 1000 } }

const ids = async (webitel: WebitelSimulator, search: Readonly<Record<string, unknown>>) =>
  textsAt((await history(webitel, { ...window, size: 1000, sort: "id", ...search })).items, "id")

const lookupId = (item: Item, key: string): string | undefined => {
  const value = item[key]
  return typeof value === "object" && value !== null && "id" in value ? String(value.id) : undefined
}

describe("number", () => {
  const extras = [
    { callId: legId("1"), startedAt, number: "+380501112233" },
    { callId: legId("2"), startedAt, number: "+380501112299" }
  ]

  it.each([
    ["380501112233", ["1"]],
    ["+38050111", ["1", "2"]],
    ["50111", ["1", "2"]],
    ["^\\+380501112233$", []],
    ["(^|\\|)\\+380501112233(\\||$)", ["1"]],
    ["22(33|99)", ["1", "2"]]
  ])("%s is an expression over all the numbers of a call in one text: %j", async (number, found) => {
    const webitel = await start({ extraRecordings: extras })
    expect(await ids(webitel, { number })).toEqual(found.map(legId))
  })

  it("went over each number by itself in old releases", async () => {
    const webitel = await start({ extraRecordings: extras, version: "22.12" })
    expect(await ids(webitel, { number: "^\\+380501112233$" })).toEqual([legId("1")])
  })

  it("that is no expression fails", async () => {
    const webitel = await start()
    expect(await history(webitel, { ...window, number: "(" })).toMatchObject({
      status: 500,
      error: "store.sql_call.get_history.app_error"
    })
  })
})

describe("variables and texts", () => {
  it("match a payload's text exactly, and its numbers and booleans never", async () => {
    const variables = { Company: "eb0b", priority: 5, vip: true }
    const webitel = await start({ extraRecordings: [{ callId: legId("1"), startedAt, variables }] })
    expect(await ids(webitel, { variables: { Company: "eb0b" } })).toEqual([legId("1")])
    for (const asked of [{ Company: "EB0B" }, { company: "eb0b" }, { priority: "5" }, { vip: "true" }]) {
      expect(await ids(webitel, { variables: asked })).toEqual([])
    }
    expect(await ids(webitel, { variables: { Company: "eb0b", priority: "5" } })).toEqual([])
    const page = await history(webitel, "created_at.from=0&variables%5BCompany%5D=eb0b&size=10")
    expect(textsAt(page.items, "id")).toEqual([legId("1")])
  })

  it.each([
    ["*112233", ["1"]],
    ["112233", []],
    ["+380501112233", ["1"]],
    [legId("1"), ["1"]]
  ])("q %s is a pattern for a whole number, or an id: %j", async (q, found) => {
    const webitel = await start({ extraRecordings: [{ callId: legId("1"), startedAt, number: "+380501112233" }] })
    expect(await ids(webitel, { q })).toEqual(found.map(legId))
  })

  it("direction counts, directions do not", async () => {
    const webitel = await start({
      extraRecordings: [
        { callId: legId("1"), startedAt },
        { callId: legId("2"), startedAt, direction: "outbound", tags: ["vm"] }
      ]
    })
    expect(await ids(webitel, { direction: "outbound" })).toEqual([legId("2")])
    expect(await ids(webitel, { directions: ["outbound"] })).toEqual([legId("1"), legId("2")])
    expect(await ids(webitel, { tags: ["vm"] })).toEqual([legId("2")])
  })
})

describe("the tree of a call", () => {
  const extras = [
    { callId: legId("1"), startedAt },
    { callId: legId("2"), parentId: legId("1"), startedAt },
    { callId: legId("3"), parentId: legId("2"), startedAt, queue: 0 }
  ]

  it("is found by parent, by root only, and as a whole without its root", async () => {
    const webitel = await start({ extraRecordings: extras })
    expect(await ids(webitel, { parent_id: legId("1") })).toEqual([legId("2")])
    expect(await ids(webitel, { skip_parent: true })).toEqual([legId("1")])
    const { items } = await history(webitel, { dependency_id: legId("1"), sort: "id" })
    expect(textsAt(items, "id")).toEqual([legId("2"), legId("3")])
    expect(await ids(webitel, { id: [legId("3"), legId("1"), "nonsense"] })).toEqual([legId("1"), legId("3")])
  })

  it("reaches over transfers to legs that have no parent", async () => {
    const webitel = await start()
    const roots = await everyRow(webitel, {
      created_at: { from: 0 },
      skip_parent: true,
      has_transfer: true,
      size: 1000,
      fields: ["id", "transfer_from"]
    })
    const second = roots.find((row) => typeof row["transfer_from"] === "string" && row["transfer_from"] !== "")
    const { items } = await history(webitel, { dependency_id: String(second?.["transfer_from"]), size: 100 })
    expect(textsAt(items, "id")).toContain(second?.["id"])
  })

  it("lets a leg be found by the queue of its child", async () => {
    const webitel = await start({ extraRecordings: extras, unset: "absent" })
    const { items } = await history(webitel, { ...window, queue_id: ["7"], sort: "id" })
    expect(items.map((item) => [item["id"], lookupId(item, "queue")])).toEqual([
      [legId("2"), undefined],
      [legId("3"), "7"]
    ])
  })
})

describe("state", () => {
  it("has_file goes by what is there now, page by page", async () => {
    const readyAt = startedAt
    const webitel = await start({
      extraRecordings: ["1", "2", "3", "4"].map((digit) => ({
        callId: legId(digit),
        startedAt,
        readyAt,
        ...(digit === "1" ? { retentionUntil: new Date("2026-06-01T12:30:00Z") } : {})
      }))
    })
    const search = { has_file: true, size: 2 }
    expect(await ids(webitel, search)).toEqual([legId("1"), legId("2")])
    webitel.setNow(new Date("2026-06-01T13:00:00Z"))
    // The first is gone, so that the second page begins with the fourth: the third is on none.
    expect(await ids(webitel, { ...search, page: 2 })).toEqual([legId("4")])
    expect(await ids(webitel, { has_file: false })).toEqual([legId("1")])
  })

  it("missed leaves out what was answered elsewhere or bridged", async () => {
    const webitel = await start()
    const missed = await everyRow(webitel, { created_at: { from: 0 }, missed: true, size: 1000 })
    expect(missed.length).toBeGreaterThan(10)
    expect(new Set(textsAt(missed, "direction"))).toEqual(new Set(["inbound"]))
    expect(textsAt(missed, "cause")).not.toContain("LOSE_RACE")
    expect(missed.flatMap((row) => (Number(row["bridged_at"] ?? 0) > 0 ? [row["id"]] : []))).toEqual([])
  })

  it("duration and talk have bounds in seconds", async () => {
    const webitel = await start({
      extraRecordings: [5, 50].map((durationSeconds, index) => ({
        callId: legId(String(index + 1)),
        startedAt,
        durationSeconds
      }))
    })
    expect(await ids(webitel, { duration: { from: 50 } })).toEqual([legId("2")])
    expect(await ids(webitel, { talk: { from: 1, to: 5 } })).toEqual([legId("1")])
  })
})

it("children that are asked for by an extra show the file of their parent", async () => {
  const webitel = await start({
    extraRecordings: [{ callId: legId("1"), startedAt, children: 2 }],
    unset: "zero-string"
  })
  const { items } = await history(webitel, { ...window, sort: "id" })
  const files = items.flatMap(filesOf)
  expect(items).toHaveLength(3)
  expect(new Set(textsAt(files, "id")).size).toBe(1)
  expect(textsAt(files, "start_record").toSorted()).toEqual(["", "", "client"])
})
