import { Forbidden, NotFound, Unauthorized, Unavailable } from "@callreel/recording"
import { beforeEach, describe, expect, it } from "vitest"
import { makeWorld, memoryProviders, type World } from "../testing/memoryProvider.ts"
import { makeFolder, runInFolder } from "../testing/runInFolder.ts"

let world: World
let folder: string
beforeEach(async () => {
  world = makeWorld()
  folder = await makeFolder()
})
const run = (...argv: ReadonlyArray<string>) => runInFolder(folder, memoryProviders(world), argv)

describe("sources", () => {
  it("shows what each can do, asking no vendor", async () => {
    const { code, json } = await run("sources", "--json")
    expect(code).toBe(0)
    expect(json).toHaveLength(2)
    expect(json[0]).toMatchObject({
      source: "office",
      provider: "memory",
      capability: { link: true, audioRequests: 1 }
    })
    expect(json[0]).not.toHaveProperty("check")
    expect(world.asked).toEqual([])
  })

  it("shows a matrix", async () => {
    const { out } = await run("sources")
    expect(out).toMatch(/^CAPABILITY +office +us\n/)
    expect(out).toMatch(/\nlink +yes +yes\n/)
    expect(out).toMatch(/\nchanges +yes +yes\n/)
    expect(out).toMatch(/\nlistByQueue +here +here\n/)
  })

  it("checks every one", async () => {
    world.check = { account: "1001", permissions: [{ name: "call_recording", granted: true }], limits: [] }
    const { code, json } = await run("sources", "--check", "--json")
    expect(code).toBe(0)
    expect(json).toEqual([
      expect.objectContaining({ source: "office", check: world.check }),
      expect.objectContaining({ source: "us", check: world.check })
    ])
  })

  it.each([
    ["a refusal", { "office:check": new Unauthorized({ detail: "the login was refused" }) }, 3, ["Unauthorized"]],
    ["another trouble", { "us:check": new Unavailable({ detail: "down" }) }, 5, ["Unavailable"]],
    [
      "a refusal after another trouble",
      { "office:check": new Unavailable({ detail: "down" }), "us:check": new Forbidden({ detail: "no" }) },
      3,
      ["Unavailable", "Forbidden"]
    ],
    ["nothing found", { check: new NotFound({ what: "the account" }) }, 4, ["NotFound", "NotFound"]]
  ])("tries all and tells %s", async (_, failures, code, reasons) => {
    for (const [key, reason] of Object.entries(failures)) world.failures.set(key, reason)
    const result = await run("sources", "--check", "--json")
    expect(result.code).toBe(code)
    expect(result.json).toHaveLength(2)
    expect(result.errors.map((line) => line)).toEqual(
      reasons.map((reason) => ({ error: expect.objectContaining({ reason, operation: "check" }) }))
    )
  })

  it("names a permission that is missing", async () => {
    world.check = { permissions: [{ name: "call_recording", granted: false }], limits: [] }
    const asJson = await run("sources", "--check", "--json")
    expect(asJson.code).toBe(3)
    expect(asJson.errors).toHaveLength(2)
    expect(asJson.errors[0]).toMatchObject({ error: { reason: "Forbidden", source: "office" } })
    expect(asJson.errors[0]).toHaveProperty("error.message", expect.stringContaining("call_recording"))
    const asText = await run("sources", "--check")
    expect(asText.code).toBe(3)
    expect(asText.out).toContain("MISSING  call_recording")
  })

  it("shows the others where one is wrong", async () => {
    folder = await makeFolder({
      sources: { office: { provider: "memory", secret: { env: "NOPE" } }, us: { provider: "memory" } }
    })
    const result = await run("sources", "--json")
    expect(result.code).toBe(2)
    expect(result.json).toEqual([expect.objectContaining({ source: "us" })])
    expect(result.errors).toHaveLength(1)
  })
})
