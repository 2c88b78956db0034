import { afterEach, describe, expect, it } from "vitest"
import { makeSimulators, tryClient } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

interface ErrorBody {
  readonly errorCode?: string
  readonly permissionName?: string
  readonly errors?: ReadonlyArray<{ readonly errorCode: string; readonly parameterName?: string }>
}

const summary = async (response: Response): Promise<string> => {
  const body = (await response.json()) as ErrorBody
  const [first] = body.errors ?? []
  const detail = body.permissionName ?? first?.parameterName ?? ""
  return `${response.status} ${first?.errorCode ?? body.errorCode} ${detail}`.trim()
}

const refusals = [
  ["withoutCallLogScope", "/call-log", "403 CMN-401 ReadCallLog"],
  ["withoutCallLogScope", "/call-log-extract-sync", "403 CMN-401 ReadCallLog"],
  ["withoutRecordingScope", "/recording/1", "403 CMN-401 ReadCallRecording"],
  ["withoutRecordingScope", "content", "403 CMN-401 ReadCallRecording"],
  ["withoutRecordingPermission", "content", "403 CMN-408 ReadCallRecording"],
  ["withoutCompanyCallLog", "/call-log", "403 CMN-408 FullCompanyCallLog"],
  ["withoutExtractSync", "/call-log-extract-sync", "403 CMN-408 FullCompanyCallLog"]
] as const

describe("permissions", () => {
  it.each(refusals)("%s at %s: %s", async (name, address, expected) => {
    const simulator = await start()
    const get = await tryClient(simulator, simulator.apps[name])
    const content = simulator.truth.find(({ state }) => state === "available")?.contentUri ?? ""
    expect(await summary(await get(address === "content" ? content : address))).toBe(expected)
  })

  it("let a user see the own extension's log only", async () => {
    const simulator = await start()
    const get = await tryClient(simulator, simulator.apps.withoutCompanyCallLog)
    expect((await get("/extension/~/call-log")).status).toBe(200)
    const other = simulator.world.extensions[0]?.id
    expect(await summary(await get(`/extension/${other}/call-log`))).toBe("403 CMN-404")
  })

  it("are told by authz-profile", async () => {
    const simulator = await start()
    const get = await tryClient(simulator, simulator.apps.withoutRecordingPermission)
    const check = (id: string): Promise<Response> => get(`/extension/~/authz-profile/check?permissionId=${id}`)
    expect(await (await check("ReadCallRecording")).json()).toMatchObject({ successful: false })
    expect(await (await check("ReadCallLog")).json()).toMatchObject({
      successful: true,
      details: { permission: { id: "ReadCallLog" } }
    })
    const profile = (await (await get("/extension/~/authz-profile")).json()) as {
      permissions: ReadonlyArray<{ permission: { id: string } }>
    }
    expect(profile.permissions.map(({ permission }) => permission.id)).not.toContain("ReadCallRecording")
  })
})

describe("addresses", () => {
  it.each([
    ["/restapi/v1.0/account/1/call-log", "404 CMN-102 accountId"],
    ["/restapi/v1.0/account/~/extension/7/call-log", "404 CMN-102 extensionId"],
    ["/restapi/v1.0/account/~/recording/1/content", "404 CMN-120"],
    ["/restapi/v1.0/account/~/call-logs", "404 AGW-404"],
    ["/restapi/v1.0/account/~/call-log/", "404 AGW-404"],
    ["/restapi/v1.0/account/%7E/recording/..%2Fcall-log", "404 CMN-102 recordingId"]
  ])("%s: %s", async (path, expected) => {
    const simulator = await start()
    const get = await tryClient(simulator)
    expect(await summary(await get(`${simulator.serverUrl}${path}`))).toBe(expected)
  })

  it("know the account by ~ and by its number, and answer with the number", async () => {
    const simulator = await start()
    const get = await tryClient(simulator)
    for (const account of ["~", simulator.account]) {
      const response = await get(`${simulator.serverUrl}/restapi/v1.0/account/${account}`)
      expect(await response.json()).toMatchObject({
        id: Number(simulator.account),
        uri: `${simulator.serverUrl}/restapi/v1.0/account/${simulator.account}`
      })
    }
  })

  it("of the log are unknown to the media host", async () => {
    const simulator = await start()
    const get = await tryClient(simulator)
    expect(await summary(await get(`${simulator.mediaUrl}/restapi/v1.0/account/~/call-log`))).toBe("404 AGW-404")
  })

  it("refuse another method", async () => {
    const simulator = await start()
    const get = await tryClient(simulator)
    expect((await get("/call-log", { method: "POST" })).status).toBe(405)
  })
})
