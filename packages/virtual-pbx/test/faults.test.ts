import { type Recording, RecordingError, RetryLimits } from "@callreel/recording"
import { faultPlan, generateCalls } from "@callreel/testkit"
import { conformance } from "@callreel/testkit/conformance"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { Duration, Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { afterAll, describe, expect, it } from "vitest"
import { make } from "@callreel/virtual-pbx"
import { pbxExpectations, settingsOf } from "./pbxExpectations.ts"

const harsh = (seed: string) => faultPlan({ seed, rate: 0.3, latencyMilliseconds: 20, retryAfterSeconds: 0 })
const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-15T00:00:00Z") }
// A day more on both sides: the vendor counts by the start of the leg, a second or more after that of the call.
const wider = { from: new Date("2025-12-31T00:00:00Z"), to: new Date("2026-02-16T00:00:00Z") }
const world = (seed: string, count: number) => generateCalls({ seed, ...window, count, longTalkSeconds: 120 })
const impatient = { idleTimeout: "0.2 seconds" }

const pbx = await startVirtualPbx({ seed: "harsh", world: world("harsh", 120), faults: harsh("conformance") })
afterAll(() => pbx.close())

conformance(
  "the virtual PBX with every third request hit by a fault",
  make({ ...settingsOf(pbx), ...impatient }),
  pbxExpectations(pbx, { window: wider, faulty: true }),
  { retryLimits: { attempts: 12, within: Duration.minutes(2) }, timeout: 120_000 }
)

/** What became of one recording's audio: its digest, or the reason there is none. */
type Fetched = {
  readonly recording: Recording
  readonly sha512?: string
  readonly reason?: string
  readonly detail?: string
}

const fetchAudio = (source: Effect.Success<ReturnType<typeof make>>) => (recording: Recording) =>
  Effect.scoped(
    Effect.gen(function* () {
      const audio = yield* source.audio(recording)
      const hash = createHash("sha512")
      yield* Stream.runForEach(audio.stream, (bytes) => Effect.sync(() => hash.update(bytes)))
      return hash.digest("hex")
    })
  ).pipe(
    Effect.map((sha512): Fetched => ({ recording, sha512 })),
    Effect.catch((error) => Effect.succeed<Fetched>({ recording, reason: error.reason._tag, detail: error.message }))
  )

describe("with every third request hit by a fault", () => {
  it.each(["one", "two"])(
    "listing and fetching everything is complete and right, or a typed error (%s)",
    { timeout: 180_000 },
    async (seed) => {
      const vendor = await startVirtualPbx({
        seed,
        world: world(seed, 150),
        faults: harsh(seed),
        storage: { missing: 0.2, refused: 0.1 }
      })
      const run = Effect.gen(function* () {
        const source = yield* make({ ...settingsOf(vendor), ...impatient })
        const listed = yield* Stream.runCollect(source.list(window))
        return yield* Effect.forEach(listed, fetchAudio(source), { concurrency: 8 })
      })
      const fetched = await Effect.runPromise(
        Effect.scoped(run).pipe(Effect.provideService(RetryLimits, { attempts: 8, within: Duration.minutes(1) }))
      )

      const truths = new Map(
        vendor.truth.filter(({ row }) => row !== undefined).map((truth) => [truth.recordUuid, truth])
      )
      expect(fetched.map(({ recording }) => recording.id).toSorted()).toEqual([...truths.keys()].toSorted())
      const truthOf = ({ recording }: Fetched) => truths.get(recording.id)
      // What was given out is the vendor's, whole; with this much patience nothing that can be had is missed.
      const whole = fetched.filter(({ sha512 }) => sha512 !== undefined)
      expect(whole.map(({ sha512 }) => sha512)).toEqual(whole.map((result) => truthOf(result)?.sha512()))
      const refused = fetched.filter(({ sha512 }) => sha512 === undefined)
      const missed = refused.filter((result) => truthOf(result)?.state === "available")
      expect(missed.map(({ detail }) => detail).join()).toBe("")
      expect(refused.map(({ reason }) => reason)).toSatisfy((reasons: ReadonlyArray<string>) =>
        reasons.every((reason) => ["Gone", "NotFound"].includes(reason))
      )
      expect(vendor.requests.entries.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(50)
      expect(vendor.counts.leakedCredentials).toBe(0)
      await vendor.close()
    }
  )

  it("with no patience at all, nothing wrong is given out either", { timeout: 60_000 }, async () => {
    const vendor = await startVirtualPbx({
      seed: "impatient",
      world: world("impatient", 150),
      faults: harsh("impatient")
    })
    const outcome = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const source = yield* make({ ...settingsOf(vendor), ...impatient })
          return yield* Stream.runCollect(source.list(window))
        })
      ).pipe(
        Effect.provideService(RetryLimits, { attempts: 1, within: Duration.seconds(1) }),
        Effect.catch((error) => Effect.succeed(error))
      )
    )
    const complete = vendor.truth.filter(({ row }) => row !== undefined).length
    expect(outcome instanceof RecordingError ? outcome.reason._tag : outcome.length).toSatisfy(
      (result) =>
        result === complete || result === "Unavailable" || result === "InvalidResponse" || result === "RateLimited"
    )
    await vendor.close()
  })
})
