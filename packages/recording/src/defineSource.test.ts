import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Option, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import type { Capability } from "./Capability.ts"
import { defineSource } from "./defineSource.ts"
import { Gone, InvalidQuery, NotFound, type Reason, Truncated, Unauthorized } from "./Reason.ts"
import type { Recording } from "./Recording.ts"
import { RecordingError } from "./RecordingError.ts"
import { Lane } from "./RequestContext.ts"
import type { SourceDefinition } from "./SourceDefinition.ts"

const day = 86_400_000
const from = new Date("2026-01-01T00:00:00Z")
const to = new Date("2026-02-01T00:00:00Z")
const window = { from, to }

const capability: Capability = {
  changes: false,
  link: false,
  stats: false,
  remove: false,
  removeWindow: false,
  requestArchive: false,
  notification: false,
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "unsupported",
  listOrder: "both",
  findByCallId: true,
  findByEvent: false,
  audioWithRange: false,
  hasBytes: false,
  hasDuration: false,
  hasChecksum: false,
  hasMediaType: false,
  hasQueue: false,
  getIsSlow: false,
  audioRequests: 1
}

const recordingAt = (id: string, startedAt: Date, rest: Partial<Recording> = {}): Recording => ({
  source: "office",
  provider: "test",
  account: "1",
  id,
  call: { id: `call-${id}`, direction: "inbound", outcome: "answered", startedAt },
  kind: "automatic",
  availability: { state: "available" },
  raw: {},
  ...rest
})

const define = (definition: Partial<SourceDefinition>): ReturnType<typeof defineSource> =>
  defineSource({
    name: "office",
    provider: "test",
    capability,
    list: () => Stream.empty,
    get: () => Effect.fail(new NotFound({ what: "the recording" })),
    find: () => Effect.succeed({ recordings: [] }),
    audio: () => Effect.fail(new NotFound({ what: "the recording" })),
    check: Effect.succeed({ permissions: [], limits: [] }),
    ...definition
  })

const failure = <A>(effect: Effect.Effect<A, RecordingError>): Effect.Effect<RecordingError> =>
  Effect.flip(effect).pipe(Effect.orDie)

describe("defineSource list", () => {
  it.effect.each([
    ["an empty window", { from, to: from }, "to"],
    ["a window backwards", { from: to, to: from }, "to"],
    ["a Date that is none", { from: new Date("x"), to }, "from"],
    ["a limit of nothing", { ...window, limit: 0 }, "limit"],
    ["half a limit", { ...window, limit: 1.5 }, "limit"],
    ["an empty number", { ...window, number: " " }, "number"]
  ] as const)("refuses %s", ([_, query, field]) =>
    Effect.gen(function* () {
      const error = yield* failure(Stream.runDrain(define({}).list(query)))
      expect(error.reason).toBeInstanceOf(InvalidQuery)
      expect(error.reason).toMatchObject({ field })
    })
  )

  it.effect("refuses a filter that the capability denies, naming it", () =>
    Effect.gen(function* () {
      const error = yield* failure(Stream.runDrain(define({}).list({ ...window, queue: "Sales" })))
      expect(error.reason).toMatchObject({ _tag: "Unsupported", capability: "listByQueue" })
      expect(error.message).toContain("office: list")
    })
  )

  it.effect("pushes down only the filters that the vendor applies", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const source = define({
        capability: { ...capability, listByDirection: "vendor" },
        list: (query) => {
          seen.push(query)
          return Stream.empty
        }
      })
      yield* Stream.runDrain(source.list({ ...window, direction: "inbound", number: "1" }))
      expect(seen).toEqual([{ ...window, order: "newest-first", direction: "inbound" }])
    })
  )

  it.effect("applies the window and the other filters here", () =>
    Effect.gen(function* () {
      const call = { id: "c", outcome: "answered", startedAt: from } as const
      const wanted = recordingAt("wanted", from, {
        call: {
          ...call,
          direction: "outbound",
          from: { extension: { id: "468944", number: "0541" } },
          to: { number: "84999610999", e164: "+74999610999" }
        }
      })
      const source = define({
        region: "RU",
        list: () =>
          Stream.fromArray([
            recordingAt("before", new Date(from.getTime() - 1)),
            wanted,
            recordingAt("other way", from),
            recordingAt("other number", from, { call: { ...call, direction: "outbound" } }),
            recordingAt("end is not in it", to)
          ])
      })
      const ids = (query: object) =>
        source.list({ ...window, ...query }).pipe(
          Stream.map((recording) => recording.id),
          Stream.runCollect
        )
      expect(yield* ids({})).toEqual(["wanted", "other way", "other number"])
      expect(yield* ids({ direction: "outbound" })).toEqual(["wanted", "other number"])
      expect(yield* ids({ number: "+74999610999" })).toEqual(["wanted"])
      expect(yield* ids({ number: "84999610999" })).toEqual(["wanted"])
      expect(yield* ids({ number: "4999610999" })).toEqual(["wanted"])
      expect(yield* ids({ number: "99961099" })).toEqual([])
      expect(yield* ids({ extension: "0541" })).toEqual(["wanted"])
      expect(yield* ids({ extension: "468944" })).toEqual(["wanted"])
      expect(yield* ids({ extension: "541" })).toEqual([])
    })
  )

  it.effect("gives repeats once, and stops reading at the limit", () =>
    Effect.gen(function* () {
      let pages = 0
      const source = define({
        list: () =>
          Stream.paginate(0, (page) =>
            Effect.sync(() => {
              pages += 1
              return [[recordingAt("a", from), recordingAt(`b${page}`, from)], Option.some(page + 1)] as const
            })
          )
      })
      const found = yield* Stream.runCollect(source.list({ ...window, limit: 4 }))
      expect(found.map((recording) => recording.id)).toEqual(["a", "b0", "b1", "b2"])
      expect(pages).toBe(3)
    })
  )

  it.effect("gives both orders from a vendor with one, covering the window exactly once", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: -2, max: 31 * day + 2 }), { maxLength: 60 }),
          fc.constantFrom("newest-first", "oldest-first", "none"),
          fc.constantFrom("newest-first", "oldest-first"),
          async (offsets, native, order) => {
            const world = offsets.map((offset, index) => recordingAt(`${index}`, new Date(from.getTime() + offset)))
            const source = define({
              capability: { ...capability, listOrder: native },
              list: (query) => {
                const inside = world.filter((recording) => {
                  // The vendor's ends are inclusive on both sides, as most are.
                  const start = recording.call?.startedAt.getTime() ?? 0
                  return start >= query.from.getTime() && start <= query.to.getTime()
                })
                return Stream.fromIterable(native === "none" ? inside : inside.toSorted(byStart(query.order)))
              }
            })
            const found = await Effect.runPromise(Stream.runCollect(source.list({ ...window, order })))
            const expected = world
              .filter(({ call }) => call !== undefined && call.startedAt >= from && call.startedAt < to)
              .toSorted(byStart(order))
            expect(found.map(startTime)).toEqual(expected.map(startTime))
            expect(new Set(found.map(({ id }) => id)).size).toBe(expected.length)
          }
        ),
        { numRuns: 60 }
      )
    )
  )
})

describe("defineSource slices", () => {
  it.effect("hold a bounded part of the window in memory, also where a rush follows quiet months", () =>
    Effect.gen(function* () {
      // Nothing in the last 300 days, then 30,000 calls in three days.
      const rush = Array.from({ length: 30_000 }, (_, index) =>
        recordingAt(`${index}`, new Date(from.getTime() + index * 8_640))
      )
      let most = 0
      const source = define({
        capability: { ...capability, listOrder: "oldest-first" },
        list: (query) => {
          let given = 0
          const inside = rush.filter(
            (recording) => startTime(recording) >= query.from.getTime() && startTime(recording) < query.to.getTime()
          )
          return Stream.fromIterable(inside).pipe(
            Stream.rechunk(100),
            Stream.tap(() => Effect.sync(() => void (most = Math.max(most, ++given))))
          )
        }
      })
      const found = yield* Stream.runCollect(source.list({ from, to: new Date(from.getTime() + 300 * day) }))
      expect(found.map((recording) => recording.id)).toEqual(rush.map((recording) => recording.id).toReversed())
      expect(most).toBeLessThan(3_200)
    })
  )
})

describe("defineSource slices of a coarse vendor", () => {
  it.effect("end also where every answer holds the whole day, repeats and all", () =>
    Effect.gen(function* () {
      const busyDay = Array.from({ length: 5_000 }, (_, index) =>
        recordingAt(`${index}`, new Date(from.getTime() + index * 17_000))
      )
      let calls = 0
      const source = define({
        capability: { ...capability, listOrder: "oldest-first" },
        list: () => {
          calls += 1
          return Stream.fromIterable([...busyDay, ...busyDay])
        }
      })
      const found = yield* Stream.runCollect(source.list({ from, to: new Date(from.getTime() + 2 * day) }))
      expect(found).toHaveLength(5_000)
      expect(calls).toBeLessThan(40)
    })
  )
})

describe("defineSource errors", () => {
  it.effect("name the source and the operation, and keep the reason", () =>
    Effect.gen(function* () {
      const source = define({
        check: Effect.fail(new Unauthorized({ detail: "the client secret was refused" })),
        list: () => Stream.fail(new Unauthorized({ detail: "the token was refused" })),
        audio: () =>
          Effect.succeed({ mediaType: "audio/mpeg", stream: Stream.fail(new Truncated({ expected: 9, received: 4 })) })
      })
      const check = yield* failure(source.check())
      expect(check).toBeInstanceOf(RecordingError)
      expect(check).toMatchObject({ source: "office", operation: "check", isRetryable: false })
      expect(check.message).toBe("office: check: the client secret was refused; check the credentials of this source")
      expect(yield* failure(Stream.runDrain(source.list(window)))).toMatchObject({ operation: "list" })
      const stream = yield* Effect.scoped(
        Effect.flatMap(source.audio({ id: "1" }), (audio) => failure(Stream.runDrain(audio.stream)))
      )
      expect(stream).toMatchObject({ operation: "audio", reason: { _tag: "Truncated", expected: 9, received: 4 } })
    })
  )

  it.effect("refuse a reference to nothing, or to another source", () =>
    Effect.gen(function* () {
      const source = define({ get: () => Effect.succeed(recordingAt("1", from)) })
      expect((yield* failure(source.get({ id: "" }))).reason).toMatchObject({ _tag: "InvalidQuery", field: "id" })
      const other = recordingAt("1", from, { source: "home" })
      expect((yield* failure(source.get(other))).reason).toMatchObject({ _tag: "InvalidQuery", field: "source" })
    })
  )

  it.effect("refuse what is no id and no checkpoint, without a crash", () =>
    Effect.gen(function* () {
      const source = define({ capability: { ...capability, changes: true }, changes: () => Stream.empty })
      const wrong = JSON.parse('{ "id": 7, "checkpoint": null }')
      expect((yield* failure(source.get(wrong))).reason).toMatchObject({ _tag: "InvalidQuery", field: "id" })
      expect((yield* failure(source.find(wrong))).reason).toMatchObject({ _tag: "InvalidQuery", field: "call" })
      expect((yield* failure(Stream.runDrain(source.changes(wrong.checkpoint)))).reason).toMatchObject({
        _tag: "InvalidQuery",
        field: "checkpoint"
      })
    })
  )

  it.effect("refuse what the capability denies, even where the adapter could, and what it claims but lacks", () =>
    Effect.gen(function* () {
      const could = define({ stats: () => Effect.succeed({ recordings: 1, bytes: 1 }) })
      expect((yield* failure(could.stats(window))).reason).toMatchObject({ _tag: "Unsupported", capability: "stats" })
      const claims = define({ capability: { ...capability, stats: true, changes: true } })
      expect((yield* failure(claims.stats(window))).reason).toMatchObject({ _tag: "Unsupported" })
      expect((yield* failure(Stream.runDrain(claims.changes()))).reason).toMatchObject({ _tag: "Unsupported" })
    })
  )

  it.effect("refuse a checkpoint of another provider", () =>
    Effect.gen(function* () {
      const source = define({ capability: { ...capability, changes: true }, changes: () => Stream.empty })
      const checkpoint = { provider: "webitel", version: 1, state: {} }
      const error = yield* failure(Stream.runDrain(source.changes(checkpoint)))
      expect(error.reason).toMatchObject({ _tag: "InvalidQuery", field: "checkpoint" })
    })
  )
})

describe("defineSource pending", () => {
  const notFound: Effect.Effect<never, Reason> = Effect.fail(new NotFound({ what: "the recording" }))

  it.effect("takes not found for not ready while the call is young, and not a day later", () =>
    Effect.gen(function* () {
      const source = define({ get: () => notFound, audio: () => notFound })
      yield* TestClock.setTime(from.getTime())
      const young = { id: "1", call: { endedAt: new Date(from.getTime() - 60_000) } }
      const error = yield* failure(source.get(young))
      expect(error.reason).toMatchObject({ _tag: "Pending", retryAt: new Date(from.getTime() + 60_000) })
      expect(error.isRetryable).toBe(true)
      expect((yield* failure(Effect.scoped(source.audio(young)))).reason._tag).toBe("Pending")
      expect((yield* failure(source.get({ id: "1" }))).reason._tag).toBe("NotFound")
      yield* TestClock.setTime(from.getTime() + day)
      expect((yield* failure(source.get(young))).reason._tag).toBe("NotFound")
    })
  )

  it.effect("keeps to the source's own pendingFor, and leaves what is gone gone", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(from.getTime())
      const young = { id: "1", startedAt: new Date(from.getTime() - 2 * 60_000) }
      const source = define({ pendingFor: Duration.minutes(1), get: () => notFound })
      expect((yield* failure(source.get(young))).reason._tag).toBe("NotFound")
      const gone = define({ get: () => Effect.fail(new Gone({ why: "deleted", detail: "it was deleted" })) })
      expect((yield* failure(gone.get(young))).reason).toMatchObject({ _tag: "Gone", why: "deleted" })
    })
  )

  it.effect("judges an empty find by the call's end that the adapter saw", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(from.getTime())
      const ended = (knownEnd?: Date) =>
        define({ find: () => Effect.succeed({ recordings: [], ...(knownEnd && { knownEnd }) }) }).find({ id: "c" })
      expect((yield* failure(ended(from))).reason._tag).toBe("Pending")
      expect((yield* failure(ended(new Date(from.getTime() - day)))).reason._tag).toBe("NotFound")
      expect((yield* failure(ended())).reason._tag).toBe("NotFound")
    })
  )

  it.effect("gives each recording of a call once", () =>
    Effect.gen(function* () {
      const twice = [recordingAt("1", from), recordingAt("1", from), recordingAt("2", from)]
      const found = yield* define({ find: () => Effect.succeed({ recordings: twice }) }).find({ id: "c" })
      expect(found.map((recording) => recording.id)).toEqual(["1", "2"])
    })
  )
})

describe("defineSource lanes", () => {
  it.effect("lists in bulk, plays interactively, and lets the caller choose", () =>
    Effect.gen(function* () {
      const lanes: Array<string> = []
      const note = Effect.map(Effect.service(Lane), (lane) => void lanes.push(lane ?? "unset"))
      const source = define({
        list: () => Stream.fromEffectDrain(note),
        get: () => Effect.as(note, recordingAt("1", from))
      })
      yield* Stream.runDrain(source.list(window))
      yield* source.get({ id: "1" })
      yield* source.get({ id: "1" }).pipe(Effect.provideService(Lane, "bulk"))
      yield* source.list(window).pipe(Stream.runDrain, Effect.provideService(Lane, "interactive"))
      expect(lanes).toEqual(["bulk", "interactive", "bulk", "interactive"])
    })
  )
})

describe("maskRaw", () => {
  it("masks the named keys at any depth and leaves the original", () => {
    const raw = { id: 1, storage_url: "https://secret", cdr: [{ storage_url: "https://secret", other: null }] }
    const source = define({ secretRawKeys: ["storage_url"] })
    expect(source.maskRaw(raw)).toEqual({
      id: 1,
      storage_url: "<masked>",
      cdr: [{ storage_url: "<masked>", other: null }]
    })
    expect(raw.storage_url).toBe("https://secret")
  })
})

const startTime = (recording: Recording): number => recording.call?.startedAt.getTime() ?? 0
const byStart = (order: "newest-first" | "oldest-first") => (left: Recording, right: Recording) =>
  order === "oldest-first" ? startTime(left) - startTime(right) : startTime(right) - startTime(left)
