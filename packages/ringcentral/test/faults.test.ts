import { type Recording, RetryLimits } from "@callreel/recording"
import { make } from "@callreel/ringcentral"
import { faultKinds, faultPlan, generateCalls } from "@callreel/testkit"
import { conformance } from "@callreel/testkit/conformance"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { Duration, Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { afterAll, describe, expect, it } from "vitest"
import { idOf, rcExpectations, settingsOf, wideLimits } from "./rcExpectations.ts"

// A body cut short with a length that agrees cannot be told at this vendor: nothing else says how long the audio is.
const kinds = faultKinds.filter((kind) => kind !== "short-body")
const harsh = (seed: string) => faultPlan({ seed, rate: 0.3, kinds, latencyMilliseconds: 20, retryAfterSeconds: 0 })
const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-15T00:00:00Z") }
const world = (seed: string, count: number) => generateCalls({ seed, ...window, count, longTalkSeconds: 120 })
const impatient = { idleTimeout: "0.2 seconds" }

const vendor = await startRingCentral({
  seed: "harsh",
  ...wideLimits,
  world: world("harsh", 120),
  faults: harsh("conformance")
})
afterAll(() => vendor.close())

conformance(
  "RingCentral with every third request hit by a fault",
  make({ ...settingsOf(vendor), ...impatient }),
  rcExpectations(vendor, { window, faulty: true }),
  { retryLimits: { attempts: 12, within: Duration.minutes(2) }, timeout: 120_000 }
)

/** What became of one recording's audio: its digest, or the reason there is none. */
interface Fetched {
  readonly recording: Recording
  readonly sha512?: string
  readonly reason?: string
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
    Effect.catch((error) => Effect.succeed<Fetched>({ recording, reason: error.reason._tag }))
  )

describe("with every third request hit by a fault", () => {
  it.each([
    ["one", {}],
    ["two", { unrequested206: 10_000, nextPage: "with-port", contentUri: "with-port" }],
    ["three", { mediaRange: false, rateHeaders: "sometimes", retryAfter: "date", sessionsCap: 1 }],
    ["four", { mediaRedirect: "third-origin", totals: true, maskedNumbers: true }]
  ] as const)(
    "everything that is listed is fetched right, or has a reason (%s)",
    { timeout: 180_000 },
    async (seed, more) => {
      const simulator = await startRingCentral({
        seed,
        ...wideLimits,
        world: world(seed, 120),
        faults: harsh(seed),
        ...more
      })
      const run = Effect.gen(function* () {
        const source = yield* make({ ...settingsOf(simulator), ...impatient })
        const listed = yield* Stream.runCollect(source.list(window))
        return yield* Effect.forEach(listed, fetchAudio(source), { concurrency: 8 })
      })
      const fetched = await Effect.runPromise(
        Effect.scoped(run).pipe(Effect.provideService(RetryLimits, { attempts: 10, within: Duration.minutes(2) }))
      )
      const truths = new Map(
        simulator.truth
          .filter(({ record, state }) => record !== undefined && state !== "too-short")
          .map((truth) => [idOf(truth), truth])
      )
      expect(new Set(fetched.map(({ recording }) => recording.id))).toEqual(new Set(truths.keys()))
      const wrong = fetched.filter(({ reason, recording, sha512 }) => {
        const truth = truths.get(recording.id)
        return truth?.state === "available" ? sha512 !== truth.sha512() : reason !== "Gone"
      })
      expect(wrong.map(({ reason, recording }) => [recording.id, recording.kind, reason])).toEqual([])
      expect(simulator.counts.leakedCredentials).toBe(0)
      await simulator.close()
    }
  )
})
