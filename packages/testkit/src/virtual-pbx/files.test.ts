import { createHash } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import { openPath } from "./storageLink.ts"
import { tryClient } from "./tryClient.ts"
import { type RecordingTruth, startVirtualPbx, type VirtualPbxOptions, type VirtualPbxSimulator } from "./VirtualPbx.ts"

const running: Array<VirtualPbxSimulator> = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((pbx) => pbx.close()))
})

const start = async (options: VirtualPbxOptions = {}) => {
  const pbx = await startVirtualPbx(options)
  running.push(pbx)
  const get = await tryClient(pbx)
  const record = (recordUuid: string, rest = "", init: RequestInit = {}): Promise<Response> =>
    get(`/client/@me/record/${recordUuid}${rest}`, init)
  const find = (matches: (truth: RecordingTruth) => boolean): RecordingTruth => {
    const truth = pbx.truth.find(matches)
    if (truth === undefined) throw new Error("the world has no such recording")
    return truth
  }
  const link = async (recordUuid: string): Promise<string> => {
    const { record_url: url } = (await (await record(recordUuid, "/storage_url/")).json()) as { record_url: string }
    return url
  }
  return { pbx, get, record, find, link }
}

const available = ({ state, storage }: RecordingTruth): boolean => state === "available" && storage === "present"
const sha512 = (bytes: ArrayBuffer): string => createHash("sha512").update(new Uint8Array(bytes)).digest("hex")

describe("GET …/record/{record_uuid}", () => {
  it("gives the audio of the listed size as an attachment", async () => {
    const { find, record } = await start()
    const truth = find(available)
    const response = await record(truth.recordUuid)
    expect(response.status).toBe(200)
    expect(response.headers.get("content-type")).toBe("audio/mpeg")
    expect(response.headers.get("content-length")).toBe(String(truth.bytes))
    expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${truth.row?.["file_name"]}"`)
    expect(sha512(await response.arrayBuffer())).toBe(truth.sha512())
  })

  it("gives bare mono frames of 144 bytes, or stereo with a tag", async () => {
    const { find, pbx } = await start()
    const mono = find((truth) => truth.channels === 1 && truth.state === "available")
    expect(mono.bytes % 144).toBe(0)
    expect(mono.bytes / 2000).toBeCloseTo(mono.durationSeconds, -1)
    expect(Array.from(pbx.audioOf(mono.recordUuid)?.chunk(0, 2) ?? [])).toEqual([0xff, 0xe3])
    const stereo = find((truth) => truth.channels === 2)
    expect(Buffer.from(pbx.audioOf(stereo.recordUuid)?.chunk(0, 3) ?? []).toString()).toBe("ID3")
  })

  it("ignores Range by default and understands it by option", async () => {
    const ignoring = await start()
    const truth = ignoring.find(available)
    const range = { headers: { range: "bytes=100-199" } }
    const whole = await ignoring.record(truth.recordUuid, "", range)
    expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, truth.bytes])
    const understanding = await start({ fileRange: true })
    const part = await understanding.record(truth.recordUuid, "", range)
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 100-199/${truth.bytes}`])
    const expected = understanding.pbx.audioOf(truth.recordUuid)?.chunk(100, 200)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(expected)
    const beyond = { headers: { range: `bytes=${truth.bytes}-` } }
    expect((await understanding.record(truth.recordUuid, "", beyond)).status).toBe(416)
  })

  it("takes ids in any case, or only as listed by option", async () => {
    const loose = await start()
    const { recordUuid } = loose.find(available)
    expect((await loose.record(recordUuid.toLowerCase())).status).toBe(200)
    const strict = await start({ recordIds: "as-listed" })
    expect((await strict.record(recordUuid.toLowerCase())).status).toBe(404)
    expect((await strict.record(recordUuid)).status).toBe(200)
  })

  it("answers 404 for what is unknown, not ready, expired or outlived", async () => {
    const startedAt = new Date("2026-05-05T12:00:00Z")
    const { find, pbx, record } = await start({
      extraRecordings: [{ startedAt, readyAt: new Date("2026-05-05T13:00:00Z") }],
      now: () => new Date("2026-05-05T12:59:59Z"),
      retention: { days: 100 }
    })
    const unknown = await record(`1-${"A".repeat(32)}`)
    expect([unknown.status, await unknown.json()]).toEqual([404, { message: "Record not found" }])
    const notReady = find(({ state }) => state === "not-ready")
    expect((await record(notReady.recordUuid)).status).toBe(404)
    expect((await record(notReady.recordUuid, "/path/")).status).toBe(404)
    pbx.setNow(new Date("2026-05-05T13:00:00Z"))
    expect((await record(notReady.recordUuid)).status).toBe(200)
    const outlived = find(({ initTime }) => initTime < new Date("2026-01-20T00:00:00Z"))
    for (const rest of ["", "/path/", "/storage_url/"]) {
      expect((await record(outlived.recordUuid, rest)).status).toBe(404)
    }
  })

  it("gives nothing at all for rows of 0 bytes, and 404 for expired ones that are still listed", async () => {
    const { find, record } = await start()
    const empty = await record(find(({ state }) => state === "empty").recordUuid)
    expect([empty.status, (await empty.arrayBuffer()).byteLength]).toEqual([200, 0])
    const expired = find(({ state }) => state === "expired")
    expect(expired.row).toBeDefined()
    expect((await record(expired.recordUuid)).status).toBe(404)
  })

  it("can name files so that they would leave the folder", async () => {
    const { find, record } = await start({ hostileFilenames: true })
    const response = await record(find(available).recordUuid)
    expect(response.headers.get("content-disposition")).toMatch(/filename="\.\.\/\.\.\//)
    await response.body?.cancel()
  })

  it("serves a recording of a GiB as it is read", async () => {
    const startedAt = new Date("2026-05-05T12:00:00Z")
    const { find, pbx, record } = await start({ extraRecordings: [{ startedAt, bytes: 2 ** 30 }] })
    const truth = find(({ bytes }) => bytes >= 2 ** 30)
    const response = await record(truth.recordUuid)
    expect(response.headers.get("content-length")).toBe(String(truth.bytes))
    await response.body?.cancel()
    await expect.poll(() => pbx.requests.of("file").at(-1)?.aborted).toBe(true)
    expect(pbx.requests.of("file").at(-1)?.bytesSent).toBeLessThan(2 ** 26)
  })
})

describe("GET …/download/", () => {
  const basic = (login: string, password: string): RequestInit => ({
    headers: { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}` }
  })

  it("takes login and password, and nothing else", async () => {
    const { find, pbx, record } = await start()
    const { bytes, recordUuid } = find(available)
    const good = await record(recordUuid, "/download/", basic(pbx.basic.login, pbx.basic.password))
    expect([good.status, (await good.arrayBuffer()).byteLength]).toEqual([200, bytes])
    for (const init of [basic(pbx.basic.login, "wrong"), {}]) {
      const refused = await record(recordUuid, "/download/", init)
      expect(refused.status).toBe(401)
      expect(refused.headers.get("www-authenticate")).toMatch(/^Basic realm=/)
    }
  })
})

describe("the storage", () => {
  it("is another origin and needs no credentials", async () => {
    const { find, link, pbx } = await start()
    const truth = find(available)
    const url = await link(truth.recordUuid)
    expect(new URL(url).origin).toBe(pbx.storageOrigin)
    expect(new URL(url).origin).not.toBe(pbx.baseUrl)
    const response = await fetch(url)
    expect(response.headers.get("content-type")).toBe("application/octet-stream")
    expect(response.headers.get("content-disposition")).toMatch(/^attachment/)
    expect(sha512(await response.arrayBuffer())).toBe(truth.sha512())
    expect(pbx.counts).toMatchObject({ storageRequests: 1, leakedCredentials: 0 })
  })

  it("hides the file's path in a permanent link of 64 bytes", async () => {
    const { find, link, pbx } = await start()
    const truth = find(available)
    const url = await link(truth.recordUuid)
    expect(await link(truth.recordUuid)).toBe(url)
    const segment = url.slice(url.lastIndexOf("/") + 1)
    expect(segment).toMatch(/^[\w-]{86}==$/)
    expect(openPath(pbx.storageKey, segment)).toBe(
      `/${pbx.apps.client.id}/${truth.extension.id}/${truth.row?.["file_name"]}`
    )
  })

  it("ignores Range and answers HEAD", async () => {
    const { find, link } = await start()
    const truth = find(available)
    const url = await link(truth.recordUuid)
    const whole = await fetch(url, { headers: { range: "bytes=0-9" } })
    expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, truth.bytes])
    expect(whole.headers.get("accept-ranges")).toBeNull()
    const head = await fetch(url, { method: "HEAD" })
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(truth.bytes)])
  })

  it("counts credentials that were sent to it", async () => {
    const { find, link, pbx } = await start()
    const url = await link(find(available).recordUuid)
    await (await fetch(url, { headers: { authorization: "Bearer x" } })).arrayBuffer()
    expect(pbx.counts.leakedCredentials).toBe(1)
  })

  it("answers with pages of HTML: 404 for no link and for what is gone, 401 or 403 for some links", async () => {
    const { find, link, pbx, record } = await start({ storage: { refused: 0.2 } })
    const strange = await fetch(`${pbx.storageOrigin}/${"A".repeat(86)}==`)
    expect([strange.status, strange.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"])
    expect((await fetch(`${pbx.storageOrigin}/../../etc/passwd`)).status).toBe(404)
    const expired = find(({ state, storage }) => state === "expired" && storage === "present")
    expect((await fetch(await link(expired.recordUuid))).status).toBe(404)
    const deleted = find(available)
    const url = await link(deleted.recordUuid)
    expect((await record(deleted.recordUuid, "", { method: "DELETE" })).status).toBe(204)
    expect((await fetch(url)).status).toBe(404)
    const refused = pbx.truth.filter(({ state, storage }) => state === "available" && storage === "refused")
    const statuses = await Promise.all(refused.map(async (truth) => (await fetch(await link(truth.recordUuid))).status))
    expect(new Set(statuses)).toEqual(new Set([401, 403]))
  })

  it("lacks some recordings, or is not there at all", async () => {
    const { find, record } = await start()
    const missing = await record(find(({ storage }) => storage === "missing").recordUuid, "/storage_url/")
    expect([missing.status, await missing.json()]).toEqual([404, { message: expect.any(String) }])
    const without = await start({ storage: false })
    expect(without.pbx.truth.every(({ storage }) => storage === "missing")).toBe(true)
    expect(without.pbx.truth.some(({ row }) => row !== undefined && "storage_url" in row)).toBe(false)
  })
})

describe("GET …/path/", () => {
  it("tells time, size and the file's name in the FTP folder", async () => {
    const { find, record } = await start()
    const truth = find(available)
    expect(await (await record(truth.recordUuid, "/path/")).json()).toEqual({
      record_datetime_gmt: truth.row?.["start_time_gmt"],
      file_size: truth.bytes,
      filename: `/${truth.extension.number}/${truth.row?.["file_name"]}`
    })
  })
})

describe("DELETE", () => {
  it("of one record answers 204, then 404, and takes it out of the listing", async () => {
    const { find, record } = await start()
    const truth = find(available)
    expect((await record(truth.recordUuid, "", { method: "DELETE" })).status).toBe(204)
    expect(truth).toMatchObject({ state: "deleted", row: undefined })
    const again = await record(truth.recordUuid, "", { method: "DELETE" })
    expect([again.status, await again.json()]).toEqual([404, { message: "Record not found" }])
    for (const rest of ["", "/path/", "/storage_url/"]) {
      expect((await record(truth.recordUuid, rest)).status).toBe(404)
    }
  })

  it("of a window deletes what is in it, and needs both bounds", async () => {
    const { get, pbx } = await start()
    const path = "/client/@me/record/?start_datetime=2026-01-01%2000:00:00"
    expect((await get(path, { method: "DELETE" })).status).toBe(400)
    const response = await get(`${path}&end_datetime=2026-01-31%2023:59:59`, { method: "DELETE" })
    expect(response.status).toBe(204)
    const february = new Date("2026-02-01T00:00:00Z")
    for (const { startTime, state } of pbx.truth) expect(state === "deleted").toBe(startTime < february)
  })
})
