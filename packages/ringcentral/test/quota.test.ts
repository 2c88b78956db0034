import { Lane, MaxWait } from "@callreel/recording"
import { make } from "@callreel/ringcentral"
import { generateCalls } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { Duration, Effect, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { settingsOf } from "./rcExpectations.ts"

const from = new Date("2026-01-01T00:00:00Z")
const to = new Date("2026-02-15T00:00:00Z")
const bulk = Effect.provideService(Lane, "bulk")
const readAll = Stream.runFold(
  () => 0,
  (sum: number, bytes: Uint8Array) => sum + bytes.length
)

describe("the Heavy limit", () => {
  // A minute of the vendor passes in a second.
  it(
    "is kept to without a single refusal: one request a recording, beside a page of a thousand",
    { timeout: 60_000 },
    async () => {
      const vendor = await startRingCentral({
        seed: "quota",
        timeScale: 60,
        world: generateCalls({ seed: "quota", from, to, count: 60, longTalkSeconds: 0 })
      })
      const run = Effect.gen(function* () {
        const source = yield* make({ ...settingsOf(vendor), include: [] })
        const recordings = yield* Stream.runCollect(source.list({ from, to }))
        const available = recordings.filter(({ id }) =>
          vendor.truth.some(({ recordingId, state }) => recordingId === id && state === "available")
        )
        yield* Effect.forEach(
          available,
          (recording) => Effect.scoped(Effect.flatMap(source.audio(recording), ({ stream }) => readAll(stream))),
          { concurrency: 16 }
        )
        return available.length
      })
      const fetched = await Effect.runPromise(Effect.scoped(bulk(run)))
      expect(fetched).toBeGreaterThan(40)
      expect(vendor.counts).toMatchObject({ heavy: fetched + 1, refusals: 0, penaltiesRestarted: 0, tokens: 1 })
      await vendor.close()
    }
  )

  it("leaves a place to somebody who waits to listen, and tells others how long it takes", async () => {
    const vendor = await startRingCentral({ seed: "reserve" })
    const ids = vendor.truth.filter(({ kind, state }) => kind !== "voicemail" && state === "available")
    const run = Effect.gen(function* () {
      const source = yield* make(settingsOf(vendor))
      const listen = (id: string | undefined) =>
        Effect.scoped(Effect.flatMap(source.audio({ id: id ?? "" }), ({ stream }) => readAll(stream))).pipe(
          Effect.provideService(MaxWait, Duration.seconds(1)),
          Effect.match({ onFailure: ({ reason }) => reason, onSuccess: () => undefined })
        )
      const first = ids.slice(0, 10).map(({ recordingId }) => recordingId)
      const outcomes = yield* bulk(Effect.forEach(first, listen, { concurrency: 10 }))
      const person = yield* listen(ids[10]?.recordingId)
      return { outcomes, person }
    })
    const { outcomes, person } = await Effect.runPromise(Effect.scoped(run))
    expect(outcomes.filter((reason) => reason === undefined)).toHaveLength(9)
    expect(outcomes.filter((reason) => reason !== undefined)).toMatchObject([{ _tag: "RateLimited", group: "heavy" }])
    expect(person).toBeUndefined()
    expect(vendor.counts.refusals).toBe(0)
    await vendor.close()
  })
})
