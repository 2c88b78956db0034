import { MaxWait, type RecordingError, type RecordingSource, RetryLimits } from "@callreel/recording"
import { generateCalls } from "@callreel/testkit"
import { startVirtualPbx, type VirtualPbxOptions, type VirtualPbxSimulator } from "@callreel/testkit/virtual-pbx"
import { make } from "@callreel/virtual-pbx"
import { Duration, Effect, Stream } from "effect"
import { afterEach, describe, expect, it } from "vitest"
import { settingsOf } from "./pbxExpectations.ts"

let pbx: VirtualPbxSimulator | undefined
afterEach(() => pbx?.close())

const start = async (options: VirtualPbxOptions = {}): Promise<VirtualPbxSimulator> => {
  pbx = await startVirtualPbx({ seed: "account", ...options })
  return pbx
}

type Settings = Parameters<typeof make>[0]

/** The outcome of an effect on a source, or the tag of its reason. */
const ask = <A>(settings: Settings, use: (source: RecordingSource) => Effect.Effect<A, RecordingError>) =>
  Effect.runPromise(
    Effect.scoped(Effect.flatMap(make(settings), use)).pipe(
      Effect.provideService(RetryLimits, { attempts: 2, within: Duration.seconds(5) }),
      Effect.provideService(MaxWait, Duration.seconds(5)),
      Effect.catch((error) => Effect.succeed(error.reason._tag))
    )
  )

const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-01-15T00:00:00Z") }

describe("levels", () => {
  it.each(["extensionGroup", "extension"] as const)("lists and finds by event at the level of %s", async (level) => {
    const vendor = await start()
    const app = vendor.apps[level]
    const settings = {
      ...settingsOf(vendor),
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      scope: level === "extension" ? { extension: "@me" } : { extensionGroup: "@me" }
    }
    const listed = await ask(settings, (source) =>
      Stream.runCollect(source.list({ ...window, to: new Date("2026-04-01T00:00:00Z") }))
    )
    const [recording] = typeof listed === "string" ? [] : listed
    expect(recording?.account).toBe(vendor.apps.client.id)
    const event = vendor.hangupEvent({ callUuid: recording?.call?.id ?? "", recordUuid: recording?.id ?? "" })
    const found = await ask(settings, (source) => source.find({ event: event.body }))
    expect(typeof found !== "string" && found.map(({ id }) => id)).toEqual([recording?.id])
    // The history of a call is the client's: this level does not claim it.
    expect(await ask(settings, (source) => source.find({ id: recording?.call?.id ?? "" }))).toBe("Unsupported")
  })

  it("tells a scope that is not the token's from an empty account", async () => {
    const vendor = await start()
    const settings = settingsOf(vendor)
    const refused = ["Forbidden", "InvalidOptions"]
    const group = { ...settings, scope: { extensionGroup: "@me" } }
    expect(refused).toContain(await ask(group, (source) => Stream.runDrain(source.list(window))))
    const stranger = { ...settings, scope: { client: "999" } }
    expect(refused).toContain(await ask(stranger, (source) => Stream.runDrain(source.list(window))))
  })
})

describe("limits", () => {
  it("a refused archive holds up nothing but archives", async () => {
    const vendor = await start()
    const result = await ask(settingsOf(vendor), (source) =>
      Effect.gen(function* () {
        const request = source.requestArchive({ ...window, emails: ["archive@example.org"] })
        yield* request
        const refused = yield* Effect.flip(request).pipe(Effect.orDie)
        yield* Stream.runDrain(source.list(window))
        return refused.reason._tag
      })
    )
    expect(result).toBe("RateLimited")
    expect(vendor.requests.of("archive")).toHaveLength(2)
  })

  it("two sources of one account never ask for two histories at once", async () => {
    const vendor = await start()
    const calls = [...new Set(vendor.truth.map(({ callUuid }) => callUuid))].slice(0, 8)
    const settings = settingsOf(vendor)
    const found = await ask(settings, (one) =>
      Effect.scoped(
        Effect.flatMap(make({ ...settings, name: "other" }), (other) =>
          Effect.forEach(calls, (id, index) => (index % 2 === 0 ? one : other).find({ id }), { concurrency: 8 })
        )
      )
    )
    expect(found).toBeInstanceOf(Array)
    expect(found).toHaveLength(calls.length)
    expect(vendor.requests.of("call-history")).toHaveLength(calls.length)
    expect(vendor.counts.refusals).toBe(0)
  })

  it("an hourly quota that runs out is waited for or told, and never met with a refusal", async () => {
    const vendor = await start({ requestsPerHour: 12, world: generateCalls({ seed: "quota", ...window, count: 40 }) })
    const ids = vendor.truth.filter(({ storage }) => storage === "present").map(({ recordUuid }) => recordUuid)
    const results = await ask(settingsOf(vendor), (source) =>
      Effect.forEach(ids.slice(0, 20), (id) =>
        source.link({ id }).pipe(
          Effect.as("linked"),
          Effect.catch((error) => Effect.succeed(error.reason._tag))
        )
      )
    )
    expect(results).toContain("linked")
    expect(results).toContain("RateLimited")
    expect(vendor.counts.refusals).toBe(0)
  })
})

describe("removeWindow", () => {
  it("spares a call that began before the window, whatever time the vendor goes by", async () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 1, 3, 12, 0, seconds))
    const vendor = await start({
      world: generateCalls({ seed: "none", ...window, count: 0 }),
      extraRecordings: [
        { startedAt: at(0), durationSeconds: 5 },
        { startedAt: at(30), durationSeconds: 5 }
      ]
    })
    const [before, inside] = vendor.truth.map(({ recordUuid }) => recordUuid)
    const left = await ask(settingsOf(vendor), (source) =>
      Effect.gen(function* () {
        yield* source.removeWindow({ from: at(2), to: at(60) })
        return yield* Stream.runCollect(source.list({ from: at(-60), to: at(60) }))
      })
    )
    expect(typeof left !== "string" && left.map(({ id }) => id)).toEqual([before])
    expect(inside).not.toBe(before)
  })
})
