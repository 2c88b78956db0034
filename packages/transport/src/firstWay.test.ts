import { expect, it } from "@effect/vitest"
import { RateLimited, Unavailable, type Audio, type Reason } from "@callreel/recording"
import { Duration, Effect, Stream } from "effect"
import { describe } from "vitest"
import { firstWay } from "./MediaFetch.ts"

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
})
