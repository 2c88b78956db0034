import { type Recording, RetryLimits } from "@callreel/recording"
import { faultPlan, generateCalls } from "@callreel/testkit"
import { conformance } from "@callreel/testkit/conformance"
import { startWebitel } from "@callreel/testkit/webitel"
import { make } from "@callreel/webitel"
import { Duration, Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { afterAll, describe, expect, it } from "vitest"
import { settingsOf, webitelExpectations } from "./webitelExpectations.ts"

// A fixed token that is refused stays refused: there is nothing to renew it with. Refusals of a proxy name no time, so that
// each is waited for ten seconds.
const kinds = [
  "latency",
  "server-error",
  "reset-before-headers",
  "reset-mid-body",
  "truncated-body",
  "short-body",
  "stalled-body",
  "malformed-json",
  "html-page",
  "repeated-rows"
] as const
const harsh = (seed: string) => faultPlan({ seed, rate: 0.3, kinds, latencyMilliseconds: 20, retryAfterSeconds: 0 })
const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-15T00:00:00Z") }
const world = (seed: string, count: number) => generateCalls({ seed, ...window, count, longTalkSeconds: 120 })
const impatient = { idleTimeout: "0.2 seconds" }

// Of a bare id nothing tells that audio is short whose length agrees: the size is known from the list.
const withoutShort = faultPlan({
  seed: "conformance",
  rate: 0.3,
  kinds: kinds.filter((kind) => kind !== "short-body"),
  latencyMilliseconds: 20,
  retryAfterSeconds: 0
})
const webitel = await startWebitel({ seed: "harsh", world: world("harsh", 60), faults: withoutShort })
afterAll(() => webitel.close())

conformance(
  "Webitel with every third request hit by a fault",
  make({ ...settingsOf(webitel), ...impatient }),
  webitelExpectations(webitel, { window, faulty: true }),
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
    ["one", { version: "26.04", unset: "mixed", int64: "string" }],
    ["two", { version: "22.12", unset: "absent", int64: "number", transient404: 0.5 }],
    ["three", { version: "25.08", unset: "null", messageCap: 40_000, equalCreatedAt: 7, batchSize: 50 }]
  ] as const)(
    "everything that is listed is fetched right, or has a reason (%s)",
    { timeout: 180_000 },
    async (seed, more) => {
      const simulator = await startWebitel({ seed, world: world(seed, 120), faults: harsh(seed), ...more })
      const run = Effect.gen(function* () {
        const source = yield* make({ ...settingsOf(simulator), ...impatient })
        const listed = yield* Stream.runCollect(source.list(window))
        return yield* Effect.forEach(listed, fetchAudio(source), { concurrency: 8 })
      })
      const fetched = await Effect.runPromise(
        Effect.scoped(run).pipe(Effect.provideService(RetryLimits, { attempts: 10, within: Duration.minutes(2) }))
      )
      const truths = new Map(webitelExpectations(simulator).recordings.map((recording) => [recording.id, recording]))
      expect(new Set(fetched.map(({ recording }) => recording.id))).toEqual(new Set(truths.keys()))
      const wrong = fetched.filter(({ reason, recording, sha512 }) => {
        const truth = truths.get(recording.id)
        return truth?.available === true
          ? sha512 !== truth.sha512?.()
          : reason !== "Gone" && reason !== "NotFound" && reason !== "Forbidden"
      })
      expect(wrong.map(({ reason, recording }) => [recording.id, reason])).toEqual([])
      await simulator.close()
    }
  )
})
