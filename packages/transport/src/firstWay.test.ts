import { expect, it } from "@effect/vitest"
import { NotFound, RateLimited, Truncated, Unavailable, type Audio, type Reason } from "@callreel/recording"
import { Duration, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { describe } from "vitest"
import { firstWay, type Way } from "./firstWay.ts"

describe("firstWay", () => {
  const failing = (reason: Reason) => Effect.fail(reason)
  const good = Effect.succeed<Audio<Reason>>({ mediaType: "audio/mpeg", stream: Stream.empty })
  const down = new Unavailable({ detail: "down" })
  const limited = new RateLimited({ retryAfter: Duration.seconds(1) })

  it.effect("gives the first that opens, having closed those that did not", () =>
    Effect.gen(function* () {
      const diary: Array<string> = []
      const way = (name: string, open: Effect.Effect<Audio<Reason>, Reason>) => ({
        name,
        open: Effect.acquireRelease(
          Effect.sync(() => diary.push(`open ${name}`)),
          () => Effect.sync(() => diary.push(`close ${name}`))
        ).pipe(Effect.andThen(open))
      })
      yield* Effect.scoped(firstWay([way("a", failing(down)), way("b", good), way("c", good)]))
      expect(diary).toEqual(["open a", "close a", "open b", "close b"])
    })
  )

  it.effect.each<[string, Parameters<typeof firstWay>[0], Reason["_tag"]]>([
    [
      "the last reason stands",
      [
        { name: "a", open: failing(down) },
        { name: "b", open: failing(limited) }
      ],
      "RateLimited"
    ],
    [
      "a limit is not evaded",
      [
        { name: "a", open: failing(limited) },
        { name: "b", open: good }
      ],
      "RateLimited"
    ],
    [
      "a way may keep its reason",
      [
        { name: "a", open: failing(down), fallsThrough: (reason) => reason._tag === "NotFound" },
        { name: "b", open: good }
      ],
      "Unavailable"
    ],
    ["no way, no audio", [], "Unsupported"]
  ])("%s", ([, ways, tag]) =>
    Effect.gen(function* () {
      expect((yield* Effect.flip(firstWay(ways)))._tag).toBe(tag)
    })
  )

  /** Counts how often it is opened, and fails so often before it is good. */
  const flaky = (name: string, failures: number, reason: Reason): Way & { readonly opened: number } => {
    let opened = 0
    return {
      name,
      get opened() {
        return opened
      },
      open: Effect.suspend(() => (++opened <= failures ? Effect.fail(reason) : good))
    }
  }
  const short = new Truncated({ expected: 9, received: 4 })
  const missing = new NotFound({ what: "the recording" })

  it.effect("repeats a round in which an answer had wrong content, also where the last way failed otherwise", () =>
    Effect.gen(function* () {
      const [storage, api] = [flaky("storage", 2, short), flaky("api", Infinity, missing)]
      const opening = yield* Effect.forkChild(Effect.scoped(firstWay([storage, api])))
      yield* TestClock.adjust("10 seconds")
      expect((yield* Fiber.join(opening)).mediaType).toBe("audio/mpeg")
      expect([storage.opened, api.opened]).toEqual([3, 2])
    })
  )

  it.effect("does not repeat a round whose ways have all retried for themselves", () =>
    Effect.gen(function* () {
      const [storage, api] = [flaky("storage", 1, missing), flaky("api", 1, down)]
      const reason = yield* Effect.flip(Effect.scoped(firstWay([storage, api])))
      expect(reason._tag).toBe("Unavailable")
      expect([storage.opened, api.opened]).toEqual([1, 1])
    })
  )

  it.effect("gives up within the limits, with the last reason", () =>
    Effect.gen(function* () {
      const storage = flaky("storage", Infinity, short)
      const opening = yield* Effect.forkChild(Effect.flip(Effect.scoped(firstWay([storage]))))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(opening)).toBe(short)
      expect(storage.opened).toBe(4)
    })
  )

  const bytes = (length: number, first = 0) => Uint8Array.from({ length }, (_, index) => first + index)
  const cut = new Truncated({ expected: 9, received: 4 })
  const breaking = Effect.succeed<Audio<Reason>>({
    mediaType: "audio/mpeg",
    bytes: 9,
    stream: Stream.concat(Stream.fromIterable([bytes(3), bytes(1, 3)]), Stream.fail(cut))
  })
  const whole = (length: number) =>
    Effect.succeed<Audio<Reason>>({
      mediaType: "audio/mpeg",
      bytes: length,
      stream: Stream.fromIterable([bytes(2), bytes(5, 2), bytes(length - 7, 7)])
    })
  const read = (ways: ReadonlyArray<Way>) =>
    Effect.scoped(Effect.flatMap(firstWay(ways), (audio) => Stream.runCollect(audio.stream)))

  it.effect("goes on by the next way where one breaks off for good, without a byte lost or repeated", () =>
    Effect.gen(function* () {
      const chunks = yield* read([
        { name: "storage", open: breaking },
        { name: "api", open: whole(9) }
      ])
      expect(chunks.flatMap((chunk) => [...chunk])).toEqual([...bytes(9)])
    })
  )

  it.effect("does not go on with a file of another size, nor where there is no other way", () =>
    Effect.gen(function* () {
      const other = read([
        { name: "storage", open: breaking },
        { name: "api", open: whole(10) }
      ])
      expect(yield* Effect.flip(other)).toBe(cut)
      expect(yield* Effect.flip(read([{ name: "storage", open: breaking }]))).toBe(cut)
    })
  )
})
