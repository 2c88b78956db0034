import { expect, it } from "@effect/vitest"
import { make } from "@callreel/ringcentral"
import type { Recording, RecordingReference } from "@callreel/recording"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { describe } from "vitest"
import { sampleRecord, sampleRecording } from "./sampleCall.ts"
import { audioHeaders, notFound, sampleAudio } from "./vendorScope.ts"

const endedAt = new Date("2026-03-08T22:31:04.505Z")
const seconds = (age: number): Date => new Date(endedAt.getTime() + age * 1000)
const minutes = 60

/** A vendor on the test's clock: the record is in the log after 40 s, its audio there after 3 minutes. */
const vendor = (now: () => Date, spent: Array<string>) => (input: string | URL | Request) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input)
  if (pathname.endsWith("/oauth/token"))
    return Promise.resolve(Response.json({ access_token: "t", expires_in: 360_000 }))
  const isLog = pathname.endsWith("/call-log")
  spent.push(isLog ? "log" : pathname.includes("/~/") ? "built" : "logged")
  if (isLog) {
    const startTime = new Date(endedAt.getTime() - 35_000).toISOString()
    const records = now() >= seconds(40) ? [{ ...sampleRecord, startTime }] : []
    return Promise.resolve(Response.json({ records, navigation: {}, paging: { perPage: 1000 } }))
  }
  return Promise.resolve(
    now() >= seconds(3 * minutes)
      ? new Response(sampleAudio, { headers: audioHeaders })
      : Response.json(notFound, { status: 404 })
  )
}

/** One visit: how old the call was, and what was asked of the vendor, each request a Heavy one. */
interface Rung {
  readonly age: number
  readonly spent: ReadonlyArray<string>
}

/** Asks five seconds after the call, and then whenever the answer says, on the test's clock, until there is audio. */
const climb = (reference: RecordingReference, retryLadder?: Array<string>) =>
  Effect.gen(function* () {
    const spent: Array<string> = []
    let now = seconds(5)
    const source = yield* make({
      name: "us",
      clientId: "app",
      clientSecret: "secret",
      jwt: crypto.randomUUID(),
      fetch: vendor(() => now, spent),
      ...(retryLadder && { retryLadder })
    })
    const visit = source.audio(reference).pipe(
      Effect.flatMap((audio) => Stream.runCollect(audio.stream)),
      Effect.map((chunks) => Buffer.concat(chunks)),
      Effect.scoped,
      Effect.catch((error) =>
        error.reason._tag === "Pending" ? Effect.succeed(error.reason.retryAt) : Effect.fail(error)
      )
    )
    const rungs: Array<Rung> = []
    for (;;) {
      yield* TestClock.setTime(now.getTime())
      const before = spent.length
      const outcome = yield* visit
      rungs.push({ age: (now.getTime() - endedAt.getTime()) / 1000, spent: spent.slice(before) })
      if (Buffer.isBuffer(outcome)) return { rungs, bytes: outcome }
      now = outcome
    }
  })

describe("a recording that is not ready", () => {
  const known = { sessionId: "1234567890", startedAt: seconds(-35), endedAt }

  it.effect("is delivered when it is there, for the Heavy requests of the ladder and no more", () =>
    Effect.gen(function* () {
      const { bytes, rungs } = yield* climb({ id: "44444444", call: known })
      expect(bytes).toEqual(sampleAudio)
      expect(rungs).toEqual([
        { age: 5, spent: ["built", "log"] },
        { age: 30, spent: ["built", "log"] },
        { age: 90, spent: ["built", "log", "logged"] },
        { age: 180, spent: ["built"] }
      ])
    })
  )

  it.effect("costs one request a visit where it came from a list, as its address is known", () =>
    Effect.gen(function* () {
      const startTime = seconds(-35)
      const listed: Recording = {
        ...sampleRecording,
        call: { id: "1", direction: "inbound", outcome: "answered", startedAt: startTime, endedAt },
        raw: { ...sampleRecord, startTime: startTime.toISOString() }
      }
      const { rungs } = yield* climb(listed)
      expect(rungs).toEqual([
        { age: 5, spent: ["logged"] },
        { age: 30, spent: ["logged"] },
        { age: 90, spent: ["logged"] },
        { age: 180, spent: ["logged"] }
      ])
    })
  )

  it.effect("is asked for as the configured ladder says", () =>
    Effect.gen(function* () {
      const { rungs } = yield* climb({ id: "44444444", call: known }, ["2 minutes", "4 minutes"])
      expect(rungs.map(({ age }) => age)).toEqual([5, 120, 240])
      expect(rungs.at(-1)?.spent).toEqual(["built"])
    })
  )

  it.effect("is given up when the ladder and the time for it are over", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(seconds(24 * 60 * minutes).getTime())
      const spent: Array<string> = []
      const source = yield* make({
        name: "us",
        clientId: "app",
        clientSecret: "secret",
        jwt: crypto.randomUUID(),
        fetch: vendor(() => seconds(90), spent)
      })
      const error = yield* Effect.flip(Effect.scoped(source.audio({ id: "44444444", call: known })))
      expect(error.reason).toMatchObject({ _tag: "Gone", why: "absent" })
      expect(spent).toEqual(["built", "log", "logged"])
    })
  )
})
