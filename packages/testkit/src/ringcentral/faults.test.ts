import { afterEach, describe, expect, it } from "vitest"
import { generateCalls } from "../calls/generateCalls.ts"
import { faultKinds } from "../simulator/Fault.ts"
import { FaultPlan, faultPlan } from "../simulator/FaultPlan.ts"
import { operations } from "./routes.ts"
import { makeSimulators, tryClient } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const all = "/call-log?dateFrom=2026-01-01T00:00:00Z&perPage=max&view=Detailed"

describe("scripted faults", () => {
  it("refusal: that of the group with its headers, the others without", async () => {
    const fault = { kind: "refusal", retryAfterSeconds: 3 } as const
    const simulator = await start({
      faults: FaultPlan.script([
        { route: "content", fault: { ...fault, refusal: "CMN-301" } },
        { route: "call-log", nth: 1, fault: { ...fault, refusal: "CMN-304" } },
        { route: "call-log", nth: 2, fault: { ...fault, refusal: "CMN-310" } }
      ])
    })
    const get = await tryClient(simulator)
    const ask = async (address: string): Promise<ReadonlyArray<unknown>> => {
      const response = await get(address)
      expect(response.status).toBe(429)
      const body = (await response.json()) as { errors: ReadonlyArray<{ errorCode: string }> }
      return [
        body.errors[0]?.errorCode,
        response.headers.get("x-rate-limit-group"),
        response.headers.get("retry-after")
      ]
    }
    expect(await ask(simulator.truth[0]?.contentUri ?? "")).toEqual(["CMN-301", "heavy", "3"])
    expect(await ask("/call-log")).toEqual(["CMN-304", null, null])
    expect(await ask("/call-log")).toEqual(["CMN-310", null, "3"])
    expect(simulator.counts).toMatchObject({ refusals: 3, heavy: 0 })
  })

  it("expired-token: the token is forgotten and refused, also afterwards", async () => {
    const simulator = await start({
      faults: FaultPlan.script([{ route: "content", fault: { kind: "expired-token" } }])
    })
    const get = await tryClient(simulator)
    const refused = await get(simulator.truth[0]?.contentUri ?? "")
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({ errors: [{ errorCode: "OAU-213" }] })
    expect((await get("/call-log")).status).toBe(401)
    expect((await (await tryClient(simulator))("/call-log")).status).toBe(200)
  })

  it("short-body: audio that says nothing of being short", async () => {
    const simulator = await start({
      faults: FaultPlan.script([{ route: "content", fault: { kind: "short-body", fraction: 0.5 } }])
    })
    const get = await tryClient(simulator)
    const truth = simulator.truth.find(({ state }) => state === "available")
    const short = await get(truth?.contentUri ?? "")
    const half = Math.floor((truth?.bytes ?? 0) / 2)
    expect(short.headers.get("content-length")).toBe(String(half))
    expect((await short.arrayBuffer()).byteLength).toBe(half)
  })

  it("truncated-body, reset-mid-body: the audio breaks off", async () => {
    const simulator = await start({
      faults: FaultPlan.script([
        { route: "content", nth: 1, fault: { kind: "truncated-body", fraction: 0.5 } },
        { route: "content", nth: 2, fault: { kind: "reset-mid-body", fraction: 0.5 } }
      ])
    })
    const get = await tryClient(simulator)
    const truth = simulator.truth.find(({ state }) => state === "available")
    for (const kind of ["truncated-body", "reset-mid-body"]) {
      const broken = await get(truth?.contentUri ?? "")
      expect(broken.status).toBe(200)
      await expect(broken.arrayBuffer()).rejects.toThrow(TypeError)
      expect(simulator.requests.of("content").at(-1)?.fault).toBe(kind)
    }
    expect((await (await get(truth?.contentUri ?? "")).arrayBuffer()).byteLength).toBe(truth?.bytes)
  })

  it("malformed-json, html-page and server-error take the place of a list", async () => {
    const simulator = await start({
      faults: FaultPlan.script([
        { route: "call-log", nth: 1, fault: { kind: "malformed-json" } },
        { route: "call-log", nth: 2, fault: { kind: "html-page" } },
        { route: "call-log", nth: 3, fault: { kind: "server-error", status: 503, body: "html", retryAfterSeconds: 2 } }
      ])
    })
    const get = await tryClient(simulator)
    await expect((await get(all)).json()).rejects.toThrow(SyntaxError)
    expect((await get(all)).headers.get("content-type")).toContain("text/html")
    const error = await get(all)
    expect([error.status, error.headers.get("retry-after")]).toEqual([503, "2"])
    expect((await get(all)).status).toBe(200)
  })
})

describe("faults by chance", () => {
  it("let a client through that asks for each thing once more often than the most hits in a row", async () => {
    const simulator = await start({
      world: generateCalls({
        seed: "short talks",
        from: new Date("2026-01-01"),
        to: new Date("2026-04-01"),
        count: 200,
        talkSeconds: [3, 20],
        longTalkSeconds: 0
      }),
      faults: faultPlan({
        seed: "harsh",
        rate: 0.3,
        retryAfterSeconds: 0,
        latencyMilliseconds: 5,
        routes: ["call-log", "content"],
        kinds: faultKinds.filter((kind) => kind !== "stalled-body")
      })
    })
    let get = await tryClient(simulator)
    const ask = async (address: string, length?: number): Promise<number> => {
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        const bytes = await get(address, { signal: AbortSignal.timeout(5000) })
          .then(async (response) => (response.ok ? (await response.arrayBuffer()).byteLength : 0))
          .catch(() => 0)
        if (simulator.requests.entries.at(-1)?.status === 401) get = await tryClient(simulator)
        if (length === undefined ? simulator.requests.entries.at(-1)?.fault === undefined : bytes === length)
          return bytes
      }
      throw new Error(`${address} failed four times`)
    }
    expect(await ask(all)).toBeGreaterThan(1000)
    for (const { bytes, contentUri } of simulator.truth
      .filter(({ kind, state }) => kind === "automatic" && state === "available")
      .slice(0, 60)) {
      expect(await ask(contentUri, bytes)).toBe(bytes)
    }
    expect(simulator.requests.entries.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(10)
  })

  it("are of every kind somewhere, and leave deletions alone", () => {
    expect(new Set(operations.flatMap(({ kinds }) => kinds))).toEqual(new Set(faultKinds))
    expect(operations.find(({ method }) => method === "DELETE")?.kinds).toEqual([])
  })
})
