import { type CallQueue, Forbidden, type Reason, type Recording, Unavailable } from "@callreel/recording"
import { it as effectIt } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { listQueues, queueNaming, withQueueName } from "./queues.ts"
import type { QueuePage } from "./wire.ts"

const recording = (queue?: { readonly id?: string; readonly name?: string }): Recording => ({
  source: "centre",
  provider: "webitel",
  account: "1",
  id: "501",
  call: {
    id: "leg",
    direction: "inbound",
    outcome: "answered",
    startedAt: new Date(0),
    ...(queue && { queue })
  },
  kind: "unknown",
  availability: { state: "available" },
  raw: {}
})
const { call: _, ...withoutCall } = recording()

describe("the name of a queue", () => {
  const names = new Map([
    ["7", "Sales"],
    ["8", undefined]
  ])
  it.each<[string, Recording, CallQueue | undefined]>([
    ["is filled in", recording({ id: "7" }), { id: "7", name: "Sales" }],
    ["is left as it was told", recording({ id: "7", name: "Old name" }), { id: "7", name: "Old name" }],
    ["stays away where it is not known", recording({ id: "9" }), { id: "9" }],
    ["stays away where it is empty", recording({ id: "8" }), { id: "8" }],
    ["is not guessed without an id", recording({}), {}],
    ["is none without a queue", recording(), undefined],
    ["is none without a call", withoutCall, undefined]
  ])("%s", (_, from, queue) => {
    expect(withQueueName(from, names)).toMatchObject({ id: "501", raw: {} })
    expect(withQueueName(from, names).call?.queue).toEqual(queue)
  })
})

/** Pages of queues, one after the other. */
const pages = (...answers: ReadonlyArray<QueuePage | Reason>) => {
  const asked: Array<number> = []
  return {
    asked,
    queues: (page: number) => {
      asked.push(page)
      const answer = answers[page - 1] ?? {}
      return "_tag" in answer ? Effect.fail(answer) : Effect.succeed(answer)
    }
  }
}

describe("the list of queues", () => {
  it("is all pages, each queue once, without those that have no id", async () => {
    const api = pages(
      {
        next: true,
        items: [
          { id: "7", name: "Sales" },
          { id: 8, name: null },
          { id: "0", name: "None" }
        ]
      },
      { next: true, items: [{ id: "8", name: "Support" }, { name: "Nameless" }] },
      { next: null, items: null }
    )
    expect(await Effect.runPromise(listQueues(api))).toEqual([
      { id: "7", name: "Sales" },
      { id: "8", name: "Support" }
    ])
    expect(api.asked).toEqual([1, 2, 3])
  })

  it("ends where a page is empty although there is said to be more", async () => {
    const reason = await Effect.runPromise(Effect.flip(listQueues(pages({ next: true, items: [] }))))
    expect(reason._tag).toBe("InvalidResponse")
  })
})

describe("naming", () => {
  effectIt.effect("asks where a name is missing, once in five minutes", () =>
    Effect.gen(function* () {
      const api = pages({ items: [{ id: "7", name: "Sales" }] })
      const naming = queueNaming(api)
      yield* naming([recording({ id: "7", name: "Sales" }), recording()])
      expect(api.asked).toEqual([])
      const [named] = yield* naming([recording({ id: "7" })])
      expect(named?.call?.queue?.name).toBe("Sales")
      yield* TestClock.adjust(Duration.minutes(4))
      yield* Effect.all([naming([recording({ id: "7" })]), naming([recording({ id: "99" })])], { concurrency: 2 })
      expect(api.asked).toEqual([1])
      yield* TestClock.adjust(Duration.minutes(1))
      yield* naming([recording({ id: "7" })])
      expect(api.asked).toEqual([1, 1])
    })
  )

  effectIt.effect.each<Reason>([new Forbidden({ detail: "no" }), new Unavailable({ detail: "down" })])(
    "loses nothing where the queues cannot be read: %s",
    (reason) =>
      Effect.gen(function* () {
        const api = pages(reason)
        const naming = queueNaming(api)
        const recordings = [recording({ id: "7" })]
        expect(yield* naming(recordings)).toEqual(recordings)
        expect(yield* naming(recordings)).toEqual(recordings)
        expect(api.asked).toEqual([1])
      })
  )
})
