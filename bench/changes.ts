import type { Checkpoint } from "@callreel/recording"
import { generateCalls } from "@callreel/testkit"
import { startWebitel } from "@callreel/testkit/webitel"
import { make } from "@callreel/webitel"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Row } from "./support/table.ts"

const hour = 3_600_000
const from = new Date("2026-01-01T00:00:00Z")

/**
 * Webitel's `changes` over three months, run every six hours by a clock of its own: rows stored a thousand at a time in
 * one instant, calls that begin in one millisecond, files that come late. Each recording must come exactly once.
 */
export const changes = async ({ quick }: { readonly quick: boolean }): Promise<ReadonlyArray<Row>> => {
  const count = quick ? 1_000 : 95_000
  const to = new Date(quick ? "2026-01-15T00:00:00Z" : "2026-04-01T00:00:00Z")
  let now = from.getTime()
  const webitel = await startWebitel({
    seed: "changes",
    world: generateCalls({ seed: "changes", from, to, count, talkSeconds: [3, 60], longTalkSeconds: 0 }),
    batchSize: 1_000,
    equalCreatedAt: 600,
    now: () => new Date(now)
  })
  const started = performance.now()
  const found = await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const source = yield* make({
          name: "centre",
          baseUrl: webitel.baseUrl,
          accessToken: webitel.token,
          since: from.toISOString()
        })
        const times = new Map<string, number>()
        let checkpoint: Checkpoint | undefined
        let runs = 0
        for (; now <= to.getTime() + 48 * hour; now += 6 * hour) {
          runs += 1
          yield* TestClock.setTime(now)
          yield* Stream.runForEach(source.changes(checkpoint), (page) =>
            Effect.sync(() => {
              checkpoint = page.checkpoint
              for (const { id } of page.recordings) times.set(id, (times.get(id) ?? 0) + 1)
            })
          )
        }
        return { times, runs }
      })
    ).pipe(Effect.provide(TestClock.layer()))
  )
  const seconds = (performance.now() - started) / 1000
  const there = webitel.truth.filter(({ state }) => state === "available")
  const missed = there.filter(({ fileId }) => !found.times.has(fileId)).length
  const twice = [...found.times.values()].filter((times) => times > 1).length
  const rows = webitel.requests.of("history").length
  await webitel.close()
  return [
    {
      what: `${there.length} recordings of ${count} calls, in ${found.runs} runs`,
      measured: `${found.times.size} found, ${missed} missed, ${twice} more than once`,
      comparedWith: "aim: each exactly once"
    },
    {
      what: "requests for the history",
      measured: `${rows}, ${(rows / found.runs).toFixed(1)} a run, ${seconds.toFixed(0)} s`,
      comparedWith: `${(found.times.size / rows).toFixed(0)} recordings a request`
    }
  ]
}
