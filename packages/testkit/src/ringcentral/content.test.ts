import { createHash } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import type { RecordingTruth, RingCentralOptions } from "./RingCentral.ts"
import { askToken, makeSimulators, textAt, tryClient } from "./tryClient.ts"

const { start: startOne, closeAll } = makeSimulators()
afterEach(closeAll)

const start = async (options: RingCentralOptions = {}) => {
  const simulator = await startOne(options)
  const get = await tryClient(simulator)
  const find = (matches: (truth: RecordingTruth) => boolean): RecordingTruth => {
    const truth = simulator.truth.find(matches)
    if (truth === undefined) throw new Error("the world has no such recording")
    return truth
  }
  return { simulator, get, find }
}

const available = ({ kind, state }: RecordingTruth): boolean => state === "available" && kind !== "voicemail"
const sha512 = (bytes: ArrayBuffer): string => createHash("sha512").update(new Uint8Array(bytes)).digest("hex")

const errorOf = async (response: Response): Promise<string> => {
  expect(response.headers.get("content-type")).toBe("application/json")
  const body = (await response.json()) as { errors: ReadonlyArray<{ errorCode: string; parameterName?: string }> }
  return `${response.status} ${body.errors[0]?.errorCode} ${body.errors[0]?.parameterName ?? ""}`.trim()
}

describe("GET …/recording/{id}/content", () => {
  it.each(["audio/mpeg", "audio/wav", "audio/x-wav"])("gives %s whole, with its length", async (contentType) => {
    const { find, get } = await start()
    const truth = find((each) => available(each) && each.contentType === contentType)
    const response = await get(truth.contentUri)
    expect(response.status).toBe(200)
    expect(response.headers.get("content-type")).toBe(contentType)
    expect(response.headers.get("content-length")).toBe(String(truth.bytes))
    expect(response.headers.get("x-rate-limit-group")).toBe("heavy")
    expect(sha512(await response.arrayBuffer())).toBe(truth.sha512())
  })

  it("gives a part by Range, and refuses what begins after the end", async () => {
    const { find, get, simulator } = await start()
    const truth = find(available)
    const part = (range: string): Promise<Response> => get(truth.contentUri, { headers: { range } })
    const middle = await part("bytes=100-199")
    expect([middle.status, middle.headers.get("content-range")]).toEqual([206, `bytes 100-199/${truth.bytes}`])
    const expected = simulator.audioOf(truth.recordingId)?.chunk(100, 200)
    expect(new Uint8Array(await middle.arrayBuffer())).toEqual(expected)
    const rest = await part(`bytes=${truth.bytes - 10}-`)
    expect((await rest.arrayBuffer()).byteLength).toBe(10)
    const beyond = await part(`bytes=${truth.bytes}-`)
    expect(beyond.headers.get("content-range")).toBe(`bytes */${truth.bytes}`)
    expect(await errorOf(beyond)).toBe("416 CMN-107")
    const several = await part("bytes=0-1,5-6")
    expect(several.status).toBe(200)
    await several.body?.cancel()
  })

  it("may ignore Range, or give a part unasked", async () => {
    const ignoring = await start({ mediaRange: false })
    const truth = ignoring.find(available)
    const whole = await ignoring.get(truth.contentUri, { headers: { range: "bytes=5-" } })
    expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, truth.bytes])
    const unasked = await start({ unrequested206: 1000 })
    const first = await unasked.get(unasked.find(({ recordingId }) => recordingId === truth.recordingId).contentUri)
    expect([first.status, first.headers.get("content-range")]).toEqual([206, `bytes 0-999/${truth.bytes}`])
    expect((await first.arrayBuffer()).byteLength).toBe(1000)
  })

  it("gives Content-Disposition as asked for", async () => {
    const { find, get } = await start()
    const { contentUri } = find(available)
    const named = await get(
      `${contentUri}?contentDisposition=Attachment&contentDispositionFilename=${encodeURIComponent('звонок ".mp3')}`
    )
    await named.body?.cancel()
    expect(named.headers.get("content-disposition")).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('звонок ".mp3')}`
    )
    expect(await errorOf(await get(`${contentUri}?contentDisposition=Both`))).toBe("400 CMN-101 contentDisposition")
  })

  it("answers 404 to what is not ready, expired, too short, unknown, or of another account", async () => {
    const startedAt = new Date("2026-06-01T11:00:00Z")
    const { find, get, simulator } = await start({
      extraRecordings: [
        { startedAt, recordingId: "1", readyAt: new Date("2026-06-01T12:00:01Z") },
        { startedAt, recordingId: "2", state: "expired" },
        { startedAt, recordingId: "3", state: "deleted" },
        { startedAt, recordingId: "4", state: "too-short" }
      ]
    })
    const content = (id: string, account = "~"): Promise<Response> =>
      get(`${simulator.mediaUrl}/restapi/v1.0/account/${account}/recording/${id}/content`)
    for (const id of ["1", "2", "3", "4", "5", "x", find(({ kind }) => kind === "voicemail").recordingId]) {
      expect(await errorOf(await content(id))).toBe("404 CMN-102 callRecordingId")
    }
    expect(simulator.truth.slice(-4).map(({ state }) => state)).toEqual([
      "not-ready",
      "expired",
      "deleted",
      "too-short"
    ])
    expect(await errorOf(await content(find(available).recordingId, "123"))).toBe("404 CMN-102 accountId")
    simulator.setNow(new Date("2026-06-01T12:00:01Z"))
    expect((await content("1")).status).toBe(200)
  })

  it("of recordings older than the retention is gone; their records stay", async () => {
    const { get, find } = await start({ retentionDays: 90 })
    const truth = find(
      ({ callEndedAt, kind, state }) =>
        kind !== "voicemail" && state === "expired" && callEndedAt < new Date("2026-03-01")
    )
    expect((await get(truth.contentUri)).status).toBe(404)
    expect(truth.record).toMatchObject({ id: truth.callRecordIds[0] })
  })
})

describe("GET …/recording/{id}", () => {
  it("tells type and length of what can be heard", async () => {
    const { find, get } = await start()
    const truth = find(
      ({ contentType, ...each }) => available({ contentType, ...each }) && contentType === "audio/x-wav"
    )
    expect(await (await get(`/recording/${truth.recordingId}`)).json()).toEqual({
      id: truth.recordingId,
      contentUri: truth.contentUri,
      contentType: "audio/x-wav",
      duration: Math.round(truth.durationSeconds)
    })
    const expired = find(({ state }) => state === "expired")
    expect(await errorOf(await get(`/recording/${expired.recordingId}`))).toBe("404 CMN-102 recordingId")
  })
})

describe("DELETE …/call-recordings", () => {
  const remove = (body: unknown): RequestInit => ({
    method: "DELETE",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body)
  })

  it("removes the audio and leaves the record as it is", async () => {
    const { find, get } = await start()
    const truth = find((each) => available(each) && each.place === "both")
    const { record } = truth
    expect((await get("/call-recordings", remove({ records: [truth.recordingId] }))).status).toBe(204)
    expect((await get(truth.contentUri)).status).toBe(404)
    expect(truth.state).toBe("deleted")
    expect(truth.record).toEqual(record)
  })

  it("refuses ids that are none", async () => {
    const { get } = await start()
    expect(await errorOf(await get("/call-recordings", remove({ records: ["1"] })))).toBe("404 CMN-102 records")
    for (const body of [{}, { records: [] }, { records: [1] }, { records: Array.from({ length: 101 }, String) }]) {
      expect(await errorOf(await get("/call-recordings", remove(body)))).toBe("400 CMN-101 records")
    }
    expect((await get("/call-recordings", { method: "DELETE", body: "x" })).status).toBe(415)
  })
})

describe("redirects", () => {
  it("on the same origin want the token again, and count once", async () => {
    const { find, get, simulator } = await start({ mediaRedirect: "same-origin" })
    const truth = find(available)
    const response = await get(truth.contentUri)
    expect(sha512(await response.arrayBuffer())).toBe(truth.sha512())
    expect(response.redirected).toBe(true)
    expect(simulator.counts.heavy).toBe(1)
    expect((await fetch(response.url)).status).toBe(401)
  })

  it("to a third origin carry a signature and must carry nothing else", async () => {
    const { find, get, simulator } = await start({ mediaRedirect: "third-origin" })
    const truth = find(available)
    const response = await get(truth.contentUri, { redirect: "manual" })
    expect(response.status).toBe(302)
    const location = response.headers.get("location") ?? ""
    expect(location.startsWith(simulator.thirdOrigin)).toBe(true)
    expect(sha512(await (await fetch(location)).arrayBuffer())).toBe(truth.sha512())
    expect((await fetch(location.replace("signature=", "signature=x"))).status).toBe(403)
    expect(simulator.counts.leakedCredentials).toBe(0)
    const leak = await fetch(location, { headers: { authorization: "Bearer x" } })
    expect(leak.status).toBe(400)
    expect(simulator.counts.leakedCredentials).toBe(1)
  })
})

describe("addresses in answers", () => {
  it("may spell the port in another way", async () => {
    const { find, get, simulator } = await start({ contentUri: "with-port", nextPage: "with-port" })
    const truth = find(available)
    expect(truth.contentUri.startsWith(simulator.mediaUrl)).toBe(false)
    expect(new URL(truth.contentUri).origin).toBe(simulator.mediaUrl)
    expect((await get(truth.contentUri)).status).toBe(200)
    const list = (await (await get("/call-log")).json()) as { navigation: { firstPage: { uri: string } } }
    expect(list.navigation.firstPage.uri.startsWith(simulator.serverUrl)).toBe(false)
    expect((await get(list.navigation.firstPage.uri)).status).toBe(200)
  })

  it("may lead to a third origin, which notes who leaks credentials", async () => {
    const { find, get, simulator } = await start({ contentUri: "hostile", nextPage: "hostile" })
    const truth = find(available)
    const stolen = await get(truth.contentUri)
    expect(stolen.url.startsWith(simulator.thirdOrigin)).toBe(true)
    expect(sha512(await stolen.arrayBuffer())).not.toBe(truth.sha512())
    const list = (await (await get("/call-log")).json()) as { navigation: { firstPage: { uri: string } } }
    expect(await (await get(list.navigation.firstPage.uri)).json()).toMatchObject({ records: [] })
    const token = textAt(await (await askToken(simulator.serverUrl, simulator.app)).json(), "access_token")
    await (await fetch(`${simulator.thirdOrigin}/x?access_token=${token}`)).body?.cancel()
    expect(simulator.counts.leakedCredentials).toBe(3)
  })

  it("may be anything", async () => {
    const { find } = await start({ contentUri: ({ contentUri, recordingId }) => `${contentUri}?id=${recordingId}` })
    const truth = find(available)
    expect(truth.contentUri.endsWith(`/content?id=${truth.recordingId}`)).toBe(true)
  })
})
