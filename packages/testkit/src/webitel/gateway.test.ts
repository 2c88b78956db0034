import { afterEach, describe, expect, it } from "vitest"
import { everyRow, history, makeSimulators, request } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const startedAt = new Date("2026-05-01T12:00:00Z")
const legId = "aaaaaaaa-0000-4000-8000-000000000000"

interface Listing {
  readonly next: boolean
  readonly items: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const listing = async (response: Response): Promise<Listing> => (await response.json()) as Listing

describe("userinfo", () => {
  it("tells what a token may do, and until when", async () => {
    const webitel = await start({ unset: "zero-string" })
    const info = (await (await request(webitel, "/api/userinfo")).json()) as Record<string, unknown>
    expect(info).toMatchObject({ dc: webitel.domain, domain: "pbx.example", expires_at: "0" })
    expect(JSON.stringify(info["permissions"])).toContain("playback_record_file")
    expect(JSON.stringify(info["scope"])).toContain("record_file")
    const token = webitel.tokens.withoutPlayback
    const poor = await request({ baseUrl: webitel.baseUrl, token }, "/api/userinfo", { method: "POST" })
    expect(await poor.text()).not.toContain("playback_record_file")
  })

  it("is of the token that a login gives", async () => {
    const webitel = await start()
    const logIn = (password: string) =>
      fetch(`${webitel.baseUrl}/api/login`, { method: "POST", body: JSON.stringify({ ...webitel.login, password }) })
    expect((await logIn("wrong")).status).toBe(401)
    const { authorization } = (await (await logIn(webitel.login.password)).json()) as {
      authorization: { access_token: string }
    }
    const token = authorization.access_token
    const info = await (await request({ baseUrl: webitel.baseUrl, token }, "/api/userinfo")).json()
    expect(info).toMatchObject({ expires_at: String(Date.UTC(2026, 5, 2)) })
  })
})

describe("queues", () => {
  it("are the world's, by page, type and name", async () => {
    const webitel = await start({ unset: "zero-string" })
    const names = async (query: string) =>
      (await listing(await request(webitel, `/api/call_center/queues?${query}`))).items.map(({ name }) => name)
    const queues = webitel.world.extensions.filter(({ type }) => type === "queue").map(({ name }) => name)
    expect(await names("size=100")).toEqual(queues)
    expect(await names("size=1&page=2")).toEqual(queues.slice(1, 2))
    expect(await names("type=5")).toEqual([])
    expect(await names("q=supp*")).toEqual(["Support"])
    expect(await names("id=7")).toEqual(queues.slice(0, 1))
  })

  it("are refused to who may not read them", async () => {
    const webitel = await start()
    const list = (token: string) => request({ baseUrl: webitel.baseUrl, token }, "/api/call_center/queues")
    expect((await list(webitel.tokens.withoutQueues)).status).toBe(403)
    expect((await list(webitel.tokens.unknown)).status).toBe(401)
  })

  it.each([
    ["told", "string"],
    ["missing", "undefined"]
  ] as const)("have a name in rows that is %s", async (queueNames, type) => {
    const webitel = await start({ queueNames, unset: "absent" })
    const rows = await everyRow(webitel, { created_at: { from: 0 }, fields: ["queue"], size: 1000 })
    const queues = rows.flatMap(({ queue }) =>
      queue === undefined ? [] : [queue as Readonly<Record<string, unknown>>]
    )
    expect(queues.length).toBeGreaterThan(50)
    expect(new Set(queues.map(({ id, name }) => `${typeof id} ${typeof name}`))).toEqual(new Set([`string ${type}`]))
  })
})

describe("transcripts", () => {
  it("are named by rows that ask for them, and read by phrase", async () => {
    const webitel = await start({ unset: "absent" })
    const { items } = await history(webitel, {
      created_at: { from: 0 },
      has_transcript: true,
      fields: ["id", "transcripts"],
      size: 1000
    })
    const [transcript] = (items[0]?.["transcripts"] ?? []) as ReadonlyArray<{ id: string; file_id: string }>
    expect(webitel.truth.map(({ fileId }) => fileId)).toContain(transcript?.file_id)
    const page = (number: number) =>
      request(webitel, `/api/storage/transcript_file/${transcript?.id}/phrases?size=1&page=${number}`)
    const first = await listing(await page(1))
    expect(first.items).toEqual([{ start_sec: 0, end_sec: 2.5, channel: 0, phrase: expect.any(String) }])
    expect((await listing(await page(2))).items).not.toEqual(first.items)
    expect((await request(webitel, "/api/storage/transcript_file/1/phrases")).status).toBe(404)
  })

  it("may be written back, one for each file and locale", async () => {
    const webitel = await start({ extraRecordings: [{ callId: legId, startedAt }] })
    const fileId = webitel.truth.find(({ callId }) => callId === legId)?.fileId
    const put = async (text: string, uuid = legId) => {
      const phrases = [{ start_sec: 0, end_sec: 1, channel: 0, phrase: text }]
      const body = JSON.stringify({ file_id: fileId, uuid, locale: "en-US", text, phrases })
      return request(webitel, "/api/storage/transcript_file", { method: "PUT", body })
    }
    const { id } = (await (await put("one")).json()) as { id: string }
    expect(await (await put("two")).json()).toEqual({ id })
    const { items } = await listing(await request(webitel, `/api/storage/transcript_file/${id}/phrases`))
    expect(items.map(({ phrase }) => phrase)).toEqual(["two"])
    expect((await put("three", "")).status).toBe(400)
  })
})

describe("listings of files", () => {
  it("refuse everybody, or give pictures only", async () => {
    const webitel = await start({
      unset: "absent",
      extraRecordings: [
        { callId: legId, startedAt },
        { callId: legId, startedAt, kind: "image" },
        { callId: legId, startedAt, kind: "screen" }
      ]
    })
    expect((await request(webitel, "/api/storage/file?size=10")).status).toBe(403)
    const files = await listing(await request(webitel, `/api/calls/${legId}/files`))
    expect(files.items.map((item) => item["mime_type"])).toEqual(["image/png"])
    const old = await start({ version: "25.10" })
    expect((await request(old, `/api/calls/${legId}/files`)).status).toBe(404)
  })
})

describe("an error behind the gateway", () => {
  it("is the error itself, or a status with the error's JSON in its message", async () => {
    const plain = await start()
    expect(await (await request(plain, "/api/calls/history")).json()).toMatchObject({
      id: "grpc.call.search_history",
      status: "Bad Request",
      code: 400,
      detail: "filter created_at or stored_at or q is required"
    })
    const wrapped = await start({ errorEnvelope: "status" })
    const response = await request(wrapped, "/api/calls/history")
    const status = (await response.json()) as { code: number; message: string }
    expect([response.status, status.code]).toEqual([400, 3])
    expect(JSON.parse(status.message)).toMatchObject({ id: "grpc.call.search_history", code: 400 })
  })

  it("is 404 for an address there is none for", async () => {
    const webitel = await start()
    expect((await request(webitel, "/api/nothing")).status).toBe(404)
    expect((await request(webitel, "/nothing")).status).toBe(404)
    expect((await request(webitel, "/api/calls/history", { method: "DELETE" })).status).toBe(404)
  })
})
