import { Ajv2020 } from "ajv/dist/2020.js"
import { afterEach, describe, expect, it } from "vitest"
import { generateCalls } from "../calls/generateCalls.ts"
import type { JsonObject, RingCentralOptions } from "./RingCentral.ts"
import * as schemas from "./schemas.ts"
import { askToken, makeSimulators, tryClient } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const ajv = new Ajv2020({ allErrors: true })

// What a value lacks or has too much of by a schema, with where.
const problems = (schema: JsonObject, value: unknown): ReadonlyArray<string> => {
  const validate = ajv.compile(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

const world = (count: number) =>
  generateCalls({
    seed: "schemas",
    from: new Date("2026-05-20T00:00:00Z"),
    to: new Date("2026-06-01T12:00:00Z"),
    count
  })

const since = "dateFrom=2026-05-01T00:00:00Z"

const startBusy = async (options: RingCentralOptions = {}) => {
  const simulator = await start({ world: world(400), ...options })
  return { simulator, get: await tryClient(simulator) }
}

interface Records {
  readonly records: ReadonlyArray<JsonObject>
  readonly syncInfo?: { readonly syncToken: string }
}

describe("answers", () => {
  it("to lists are as the vendor's, in both views and with every scenario", async () => {
    const { get, simulator } = await startBusy({ totals: true, runningInLog: true })
    const detailed: unknown = await (await get(`/call-log?${since}&view=Detailed&perPage=max&showDeleted=true`)).json()
    expect(problems(schemas.detailedListSchema, detailed)).toEqual([])
    expect((detailed as Records).records.length).toBeGreaterThan(400)
    for (const name of ["call-log", "active-calls"]) {
      for (const owner of ["", `/extension/${simulator.world.extensions[0]?.id}`]) {
        const simple: unknown = await (await get(`${owner}/${name}?${since}&perPage=max`)).json()
        expect(problems(schemas.simpleListSchema, simple)).toEqual([])
      }
    }
  })

  it.each(["2026-05-25T10:00:00Z", "2026-05-25T15:00:00Z", "2026-05-25T20:00:00Z"])(
    "at %s, with calls that go on, are too",
    async (time) => {
      const { get, simulator } = await startBusy({
        world: world(20_000),
        runningInLog: true,
        now: () => new Date(time)
      })
      const active: unknown = await (await get("/active-calls?view=Detailed")).json()
      expect((active as Records).records.length).toBeGreaterThan(0)
      expect(problems(schemas.detailedListSchema, active)).toEqual([])
      expect(problems(schemas.detailedListSchema, await (await get("/call-log?view=Detailed")).json())).toEqual([])
      expect(simulator.requests.entries.every(({ status }) => status === 200)).toBe(true)
    }
  )

  it("to syncs are too", async () => {
    const { get } = await startBusy()
    const full = (await (await get("/call-log-sync?recordCount=250")).json()) as Records
    const first = (await (await get(`/call-log-extract-sync?${since}&recordCount=300`)).json()) as Records
    const next = await get(
      `/call-log-extract-sync?syncType=ISync&syncToken=${encodeURIComponent(first.syncInfo?.syncToken ?? "")}`
    )
    expect(problems(schemas.syncSchema, full)).toEqual([])
    expect(problems(schemas.extractSyncSchema, first)).toEqual([])
    expect(problems(schemas.extractSyncSchema, await next.json())).toEqual([])
    expect([full.records.length, first.records.length]).toEqual([250, 300])
  })

  it("about recordings, messages and single records are too", async () => {
    const { get, simulator } = await startBusy()
    const recording = simulator.truth.find(({ kind, state }) => kind === "automatic" && state === "available")
    expect(problems(schemas.metadataSchema, await (await get(`/recording/${recording?.recordingId}`)).json())).toEqual(
      []
    )
    const record = await get(`/call-log/${recording?.callRecordIds[0]}?view=Detailed`)
    expect(problems(schemas.detailedRecordSchema, await record.json())).toEqual([])
    const voicemails = simulator.truth.filter(({ kind }) => kind === "voicemail")
    expect(voicemails.length).toBeGreaterThan(0)
    for (const { extension, messageId } of voicemails) {
      const message = await get(`/extension/${extension.id}/message-store/${messageId}`)
      expect(problems(schemas.messageSchema, await message.json())).toEqual([])
    }
    for (const { id } of simulator.world.extensions) {
      const page = await get(`/extension/${id}/message-store?${since}`)
      expect(problems(schemas.messageListSchema, await page.json())).toEqual([])
    }
  })

  it("with tokens and in notifications are too", async () => {
    const { simulator } = await startBusy({ refreshTokens: true })
    const token = await askToken(simulator.serverUrl, simulator.app)
    expect(problems(schemas.tokenSchema, await token.json())).toEqual([])
    for (const { telephonySessionId } of simulator.truth) {
      const event: unknown = JSON.parse(JSON.stringify(simulator.telephonyEvent({ telephonySessionId })))
      expect(problems(schemas.telephonyEventSchema, event)).toEqual([])
    }
  })
})

describe("refusals", () => {
  it("of the API have errors", async () => {
    const { get, simulator } = await startBusy({
      limits: {
        heavy: { limit: 10, windowSeconds: 60, penaltySeconds: 60 },
        light: { limit: 100, windowSeconds: 60, penaltySeconds: 60 }
      }
    })
    const withoutScope = await tryClient(simulator, simulator.apps.withoutCallLogScope)
    const withoutCompany = await tryClient(simulator, simulator.apps.withoutCompanyCallLog)
    const responses = [
      await get("/call-log?view=x"),
      await get("/call-log?sessionId=1&extensionNumber=1"),
      await get("/call-log/nothing"),
      await get("/recording/1"),
      await get("/recording/1/content"),
      await get(`${simulator.mediaUrl}/restapi/v1.0/account/~/recording/1/content`),
      await get("/call-log-extract-sync?syncType=ISync&syncToken=x"),
      await get("/extension/1"),
      await get("/call-log", { headers: { authorization: "Bearer x" } }),
      await withoutScope("/call-log"),
      await withoutCompany("/call-log"),
      ...(await Promise.all(Array.from({ length: 5 }, () => get("/call-log?perPage=1")))).filter(
        ({ status }) => status === 429
      )
    ]
    expect(responses.at(-1)?.status).toBe(429)
    for (const response of responses) {
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(problems(schemas.apiErrorSchema, await response.json())).toEqual([])
    }
  })

  it("of the gateway have none, and those of tokens are OAuth's", async () => {
    const { get, simulator } = await startBusy()
    for (const response of [
      await get("/nothing"),
      await get("/call-log", { headers: { authorization: "Basic x" } }),
      await get("/call-log", { method: "PUT" }),
      await fetch(`${simulator.serverUrl}/restapi/v1.0/account/~`)
    ]) {
      expect(problems(schemas.gatewayErrorSchema, await response.json())).toEqual([])
    }
    for (const response of [
      await askToken(simulator.serverUrl, simulator.apps.wrongSecret),
      await askToken(simulator.serverUrl, simulator.apps.locked),
      await askToken(simulator.serverUrl, simulator.app, { grant_type: "password" }),
      await askToken(simulator.serverUrl, simulator.app, { access_token_ttl: "5" })
    ]) {
      expect(problems(schemas.oauthErrorSchema, await response.json())).toEqual([])
    }
  })

  it("would be noticed where they are not so", () => {
    expect(problems(schemas.apiErrorSchema, { errorCode: "AGW-404", message: "x" })).not.toEqual([])
    expect(problems(schemas.recordingInfoSchema, { id: "1", type: "Automatic" })).not.toEqual([])
    expect(problems(schemas.legSchema, {})).not.toEqual([])
  })
})
