import { createHash } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import { makeSimulators, request } from "./tryClient.ts"
import type { ExtraRecording, WebitelOptions, WebitelSimulator } from "./Webitel.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const startedAt = new Date("2026-05-01T12:00:00Z")

const stream = (webitel: Pick<WebitelSimulator, "baseUrl" | "token">, id: string, init: RequestInit = {}, rest = "") =>
  request(webitel, `/api/storage/recordings/${id}/stream${rest}`, init)

const range = (value: string): RequestInit => ({ headers: { range: value } })

const errorOf = async (response: Response): Promise<readonly [number, unknown]> => {
  const { id } = (await response.json()) as { id: unknown }
  return [response.status, id]
}

const startWith = async (extra: Partial<ExtraRecording> = {}, options: WebitelOptions = {}) => {
  const webitel = await start({ ...options, extraRecordings: [{ startedAt, ...extra }] })
  const truth = webitel.truth.find(({ scenario }) => scenario === "extra")
  if (truth === undefined) throw new TypeError("there is no such recording")
  return { webitel, truth }
}

describe("stream", () => {
  it("sends the whole file as it is stored", async () => {
    const webitel = await start()
    for (const truth of webitel.truth.filter(({ state }) => state === "available").slice(0, 10)) {
      const response = await stream(webitel, truth.fileId)
      expect(response.status).toBe(200)
      expect(response.headers.get("content-type")).toBe(truth.mediaType)
      expect(response.headers.get("content-length")).toBe(String(truth.bytes))
      expect(response.headers.get("accept-ranges")).toBe("bytes")
      expect(response.headers.get("expires")).toBe("0")
      expect(response.headers.get("x-request-id")).not.toBeNull()
      expect(response.headers.has("etag") || response.headers.has("last-modified")).toBe(false)
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(createHash("sha512").update(bytes).digest("hex")).toBe(truth.sha512())
    }
  })

  it("sends one range, the whole for several, and 400 for what lies beyond or cannot be read", async () => {
    const { truth, webitel } = await startWith()
    const part = await stream(webitel, truth.fileId, range("bytes=10-19"))
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 10-19/${truth.bytes}`])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(webitel.audioOf(truth.fileId)?.chunk(10, 20))
    expect((await stream(webitel, truth.fileId, range("bytes=0-1,5-6"))).status).toBe(200)
    expect(await errorOf(await stream(webitel, truth.fileId, range(`bytes=${truth.bytes}-`)))).toEqual([
      400,
      "api.helper.parse_range.failed_to_overlap.app_error"
    ])
    expect(await errorOf(await stream(webitel, truth.fileId, range("bytes=x")))).toEqual([
      400,
      "api.helper.parse_range.failed_range.app_error"
    ])
  })

  it("is known to GET only", async () => {
    const { truth, webitel } = await startWith()
    expect((await stream(webitel, truth.fileId, { method: "HEAD" })).status).toBe(405)
    expect((await stream(webitel, truth.fileId, { method: "POST" })).status).toBe(405)
    expect((await stream(webitel, truth.fileId, { method: "DELETE" })).status).toBe(403)
  })

  it("has an id for every error", async () => {
    const { truth, webitel } = await startWith()
    expect(await errorOf(await stream(webitel, "abc"))).toEqual([400, "api.context.invalid_url_param.app_error"])
    const notFound = [404, "store.sql_file.get_with_profile.app_error"]
    expect(await errorOf(await stream(webitel, "1"))).toEqual(notFound)
    expect(await errorOf(await stream(webitel, truth.fileId, {}, "?source=media"))).toEqual(notFound)
    expect(await errorOf(await request(webitel, "/api/storage/recordings/stream"))).toEqual([
      404,
      "api.context.404.app_error"
    ])
    expect(await errorOf(await request(webitel, `/any/file/${truth.fileId}/download?signature=00`))).toEqual([
      500,
      "api.context.session_signature.app_error"
    ])
  })

  it.each([
    ["malware", 403, "file.malware"],
    ["forbidden-by-policy", 403, "policy.file.allow"],
    ["unreadable", 500, "api.file.reader.reading_local.app_error"]
  ] as const)("refuses what is %s with %i %s", async (state, status, id) => {
    const { truth, webitel } = await startWith({ state })
    expect(truth.state).toBe(state)
    expect(await errorOf(await stream(webitel, truth.fileId))).toEqual([status, id])
  })

  it.each([
    ["not-ready", { readyAt: new Date("2026-06-02T00:00:00Z") }],
    ["expired", { retentionUntil: new Date("2026-05-20T00:00:00Z") }],
    ["removed", { removedAt: new Date("2026-05-20T00:00:00Z") }]
  ] as const)("does not know what is %s", async (state, extra) => {
    const { truth, webitel } = await startWith(extra)
    expect(truth.state).toBe(state)
    expect((await stream(webitel, truth.fileId)).status).toBe(404)
  })

  it("keeps files as long as the retention says", async () => {
    const { truth, webitel } = await startWith({}, { retentionDays: 31 })
    expect((await stream(webitel, truth.fileId)).status).toBe(200)
    webitel.setNow(new Date("2026-06-01T12:00:12Z"))
    expect([truth.state, (await stream(webitel, truth.fileId)).status]).toEqual(["expired", 404])
  })

  it("answers 404 at first where the replica has not got the file yet", async () => {
    const { truth, webitel } = await startWith({}, { transient404: 1 })
    expect((await stream(webitel, truth.fileId)).status).toBe(404)
    expect((await stream(webitel, truth.fileId)).status).toBe(200)
  })

  it("may break off the first body under a full length", async () => {
    const { truth, webitel } = await startWith({}, { shortBodies: 1 })
    const short = await stream(webitel, truth.fileId)
    expect(short.headers.get("content-length")).toBe(String(truth.bytes))
    await expect(short.arrayBuffer()).rejects.toThrow("terminated")
    expect((await (await stream(webitel, truth.fileId)).arrayBuffer()).byteLength).toBe(truth.bytes)
  })

  it("is no faster than the policy lets it be", async () => {
    const { truth, webitel } = await startWith({ bytes: 30_000 }, { speed: 100_000 })
    const before = performance.now()
    expect((await (await stream(webitel, truth.fileId)).arrayBuffer()).byteLength).toBe(truth.bytes)
    expect(performance.now() - before).toBeGreaterThan(250)
  })
})

describe("download", () => {
  it("names the file, and passes over Range", async () => {
    const { truth, webitel } = await startWith({ number: "+380501112233" })
    const path = `/api/storage/recordings/${truth.fileId}/download`
    const response = await request(webitel, path, range("bytes=0-1"))
    expect([response.status, response.headers.get("accept-ranges")]).toEqual([200, null])
    expect(response.headers.get("content-disposition")).toBe(
      `attachment;  filename="${encodeURIComponent(truth.name)}"`
    )
    const named = await request(webitel, `${path}?name=${encodeURIComponent('ім\'я "1".mp3')}`)
    expect(named.headers.get("content-disposition")).toBe(
      `attachment;  filename="${encodeURIComponent('ім\'я "1".mp3')}"`
    )
  })
})

describe("a deleted file", () => {
  const remove = (webitel: Pick<WebitelSimulator, "baseUrl" | "token">, ids: ReadonlyArray<string>) =>
    request(webitel, "/api/storage/file", { method: "DELETE", body: JSON.stringify({ id: ids }) })

  it("is gone from the rows at once, and streams until the remover has come", async () => {
    const { truth, webitel } = await startWith()
    const removed = await remove(webitel, [truth.fileId])
    expect([removed.status, await removed.json()]).toEqual([200, {}])
    expect(truth.state).toBe("removed")
    expect(JSON.stringify(truth.row)).not.toContain(truth.fileId)
    expect((await stream(webitel, truth.fileId)).status).toBe(200)
    webitel.setNow(new Date("2026-06-01T12:00:02Z"))
    expect((await stream(webitel, truth.fileId)).status).toBe(404)
  })

  it("is not deleted by who may not", async () => {
    const { truth, webitel } = await startWith()
    const { withoutDelete, withoutRecordFile } = webitel.tokens
    for (const token of [withoutDelete, withoutRecordFile]) {
      expect((await remove({ baseUrl: webitel.baseUrl, token }, [truth.fileId])).status).toBe(403)
    }
    expect((await remove({ baseUrl: webitel.baseUrl, token: webitel.tokens.otherDomain }, [truth.fileId])).status).toBe(
      200
    )
    expect(truth.state).toBe("available")
  })
})
