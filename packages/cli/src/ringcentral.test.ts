import { startRingCentral } from "@callreel/testkit/ringcentral"
import { createHash } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { providers } from "./providers.ts"
import { makeFolder, runInFolder } from "./testing/runInFolder.ts"

const hour = 3_600_000
const startedAt = new Date(Date.now() - 3 * hour)
const vendor = await startRingCentral({
  seed: "command",
  limits: { heavy: { limit: 100, windowSeconds: 60, penaltySeconds: 60 } },
  extraRecordings: [
    { recordingId: "44444444", telephonySessionId: "s-session", startedAt },
    { recordingId: "55555555", telephonySessionId: "s-young", startedAt, readyAt: new Date(Date.now() + hour) }
  ]
})
afterAll(() => vendor.close())

const { clientId, clientSecret, jwt } = vendor.app
const source = {
  provider: "ringcentral",
  serverUrl: vendor.serverUrl,
  mediaUrl: vendor.mediaUrl,
  clientId,
  clientSecret: { env: "RC_SECRET" },
  jwt: { env: "RC_JWT" },
  region: "US"
}
const app = (more: object, secret = "RC_SECRET", token = "RC_JWT") => ({
  ...source,
  clientSecret: { env: secret },
  jwt: { env: token },
  ...more
})
const { withoutCallLogScope: noLog, withoutRecordingPermission: noAudio } = vendor.apps
const folder = await makeFolder({
  sources: {
    us: source,
    "no-log": app({ clientId: noLog.clientId }, "NO_LOG_SECRET", "NO_LOG_JWT"),
    "no-audio": app({ clientId: noAudio.clientId }, "NO_AUDIO_SECRET", "NO_AUDIO_JWT")
  }
})
const env = {
  RC_SECRET: clientSecret,
  RC_JWT: jwt,
  NO_LOG_SECRET: noLog.clientSecret,
  NO_LOG_JWT: noLog.jwt,
  NO_AUDIO_SECRET: noAudio.clientSecret,
  NO_AUDIO_JWT: noAudio.jwt,
  CALLREEL_CACHE_DIR: join(folder, "cache")
}
const run = (...argv: ReadonlyArray<string>) => runInFolder(folder, providers, argv, { env })

describe("the command and RingCentral", () => {
  it("lists, finds by event and fetches, with one login and one Heavy request for each", async () => {
    const recorded = vendor.truth.filter(
      ({ kind, record, state }) => kind !== "voicemail" && record && state !== "too-short"
    )
    const listed = await run("list", "--source", "us", "--from", "2025-12-01", "--to", "2030-01-01", "--json")
    expect(listed).toMatchObject({ code: 0, err: "" })
    expect(listed.json).toHaveLength(recorded.length)

    const event = vendor.telephonyEvent({ telephonySessionId: "s-session" })
    await writeFile(join(folder, "event.json"), JSON.stringify(event))
    const found = await run("find", "us", "--event", "event.json", "--json")
    expect(found.json).toMatchObject([{ id: "44444444", account: vendor.account, call: { id: "s-session" } }])

    const { bytes, mediaType, sha512 } = recorded.find(({ recordingId }) => recordingId === "44444444") ?? {}
    const { json } = await run("fetch", "us", "44444444", "--session", "s-session", "--json")
    const file = "44444444.mp3"
    expect(json).toEqual([{ source: "us", id: "44444444", file, mediaType, bytes, sha512: sha512?.() }])
    const written = createHash("sha512").update(await readFile(join(folder, file)))
    expect(written.digest("hex")).toBe(sha512?.())
    expect(vendor.counts).toMatchObject({ tokens: 1, heavy: 3, refusals: 0 })
  })

  it("says 5 and when to come again where the recording is not ready, and 4 where it never was", async () => {
    const pending = await run("fetch", "us", "55555555", "--session", "s-young", "--json")
    expect(pending.code).toBe(5)
    expect(pending.errors).toEqual([{ error: expect.objectContaining({ reason: "Pending", source: "us" }) }])
    const unknown = await run("fetch", "us", "1", "--started-at", "2026-01-05T10:00:00Z", "--json")
    expect(unknown.code).toBe(4)
  })

  it("says 3 and names what is missing: the app's scope, or the user's permission", async () => {
    const withoutLog = await run("list", "--source", "no-log", "--from", "2026-01-01", "--to", "2026-01-02", "--json")
    expect(withoutLog.code).toBe(3)
    expect(withoutLog.err).toContain("ReadCallLog")
    const checked = await run("sources", "--check", "--json")
    expect(checked.code).toBe(3)
    expect(checked.out + checked.err).toMatch(/ReadCallRecording/)
    expect(checked.out + checked.err).not.toContain(jwt)
  })

  it("prints a link with what a request to it must bring", async () => {
    const { json } = await run("link", "us", "44444444", "--json")
    const url = `${vendor.mediaUrl}/restapi/v1.0/account/${vendor.account}/recording/44444444/content`
    expect(json).toEqual([{ source: "us", id: "44444444", url, authentication: "bearer", permanent: true }])
  })
})
