import { RetryLimits } from "@callreel/recording"
import { FaultPlan } from "@callreel/testkit"
import { startWebitel } from "@callreel/testkit/webitel"
import { connect, make, type WebitelSource } from "@callreel/webitel"
import { Duration, Effect, Stream } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { settingsOf } from "./webitelExpectations.ts"

const window = { from: new Date("2025-12-01T00:00:00Z"), to: new Date("2026-07-01T00:00:00Z") }
const webitel = await startWebitel({ seed: "queues", queueNames: "missing" })
const broken = await startWebitel({
  seed: "queues",
  queueNames: "missing",
  faults: FaultPlan.script([
    { route: "queues", times: 1000, fault: { kind: "server-error", status: 503, body: "json" } }
  ])
})
afterAll(() => Promise.all([webitel.close(), broken.close()]))

const queues = webitel.world.extensions
  .filter(({ type }) => type === "queue")
  .map(({ name }, index) => ({ id: String(7 + index), name }))
const run = <A>(simulator: typeof webitel, token: string, use: (source: WebitelSource) => Effect.Effect<A, unknown>) =>
  Effect.runPromise(
    Effect.scoped(Effect.flatMap(make(settingsOf(simulator, token)), use)).pipe(
      Effect.provideService(RetryLimits, { attempts: 2, within: Duration.seconds(2) })
    )
  )
const asked = (simulator: typeof webitel): number => simulator.requests.of("queues").length

describe("the names of queues that rows leave out", () => {
  it("are asked for once, and stand in what is listed, found and got", async () => {
    const before = asked(webitel)
    const { found, got, listed } = await run(webitel, webitel.token, (source) =>
      Effect.gen(function* () {
        const listed = yield* Stream.runCollect(source.list(window))
        const queued = listed.find(({ call }) => call?.queue !== undefined)
        if (queued === undefined) return { listed, found: [], got: undefined }
        const found = yield* source.find({ id: queued.call?.id ?? "" })
        return { listed, found, got: yield* source.get(queued) }
      })
    )
    const truths = new Map(webitel.truth.map(({ fileId, queue }) => [fileId, queue]))
    const wrong = listed.filter(({ call, id }) => call?.queue?.name !== truths.get(id)?.name)
    expect(wrong.map(({ id }) => id)).toEqual([])
    expect(listed.filter(({ call }) => call?.queue?.name !== undefined).length).toBeGreaterThan(20)
    const names = queues.map(({ name }) => name)
    expect(names).toContain(found[0]?.call?.queue?.name)
    expect(names).toContain(got?.call?.queue?.name)
    expect(asked(webitel) - before).toBe(1)
  })

  it("are what a list by the queue's name goes by", async () => {
    const [queue] = queues
    const listed = await run(webitel, webitel.token, (source) =>
      Stream.runCollect(source.list({ ...window, queue: queue?.name ?? "" }))
    )
    expect(listed.length).toBeGreaterThan(5)
    expect(new Set(listed.map(({ call }) => call?.queue?.id))).toEqual(new Set([queue?.id]))
  })

  it.each([
    ["are not allowed to be read", webitel, webitel.tokens.withoutQueues],
    ["cannot be read", broken, broken.token]
  ])("that %s are left out, and nothing else", async (_, simulator, token) => {
    const list = (source: WebitelSource) => Stream.runCollect(source.list(window))
    const [all, without] = [await run(webitel, webitel.token, list), await run(simulator, token, list)]
    expect(without.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(without.map(({ call }) => call?.queue?.id)).toEqual(all.map(({ call }) => call?.queue?.id))
    expect(without.filter(({ call }) => call?.queue?.name !== undefined)).toEqual([])
  })
})

describe("the queues", () => {
  it("are read by themselves", async () => {
    expect(await run(webitel, webitel.token, (source) => source.queues)).toEqual(queues)
    await using client = await connect(settingsOf(webitel))
    expect(await client.queues()).toEqual(queues)
  })

  it("are refused to who may not read them", async () => {
    await using client = await connect(settingsOf(webitel, webitel.tokens.withoutQueues))
    await expect(client.queues()).rejects.toMatchObject({ _tag: "RecordingError", reason: { _tag: "Forbidden" } })
  })
})
