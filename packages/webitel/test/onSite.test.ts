import { conformance } from "@callreel/testkit/conformance"
import { type Expectations, faultPlan } from "@callreel/testkit"
import { startWebitel } from "@callreel/testkit/webitel"
import { make } from "@callreel/webitel"
import type { Recording } from "@callreel/recording"
import { Duration, Effect, Redacted, Stream } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { startDatabase } from "./databaseServer.ts"
import { settingsOf, webitelExpectations } from "./webitelExpectations.ts"

const webitel = await startWebitel({ seed: "on site" })
// The same domain once more, whose audio comes with faults.
const harsh = await startWebitel({
  seed: "on site",
  faults: faultPlan({
    seed: "on site",
    rate: 0.3,
    kinds: ["latency", "server-error", "reset-mid-body", "truncated-body", "stalled-body", "html-page"],
    latencyMilliseconds: 20,
    retryAfterSeconds: 0
  })
})
const database = await startDatabase()
await database.load(webitel.dataSet())
afterAll(async () => {
  await database.stop()
  await Promise.all([webitel.close(), harsh.close()])
})

const overHttp = make(settingsOf(webitel))
const url = Redacted.value(database.url())
const onSite = make({ ...settingsOf(webitel), database: { url } })

/** What the simulator does afterwards, its database does not follow. */
const withoutLate = ({ appearLate: _, ...fixed }: Expectations): Expectations => fixed

conformance("Webitel on site", onSite, withoutLate(webitelExpectations(webitel, { removable: false })))

conformance(
  "Webitel on site, with every third request for audio hit by a fault",
  make({ ...settingsOf(harsh), database: { url }, idleTimeout: "0.2 seconds" }),
  withoutLate(webitelExpectations(harsh, { removable: false, faulty: true })),
  { retryLimits: { attempts: 12, within: Duration.minutes(2) }, timeout: 60_000 }
)

/** All that is comparable: `raw` is the row as each way tells it, and what is not set is told in many ways. */
const comparable = ({ raw: _, ...recording }: Recording) => recording

const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1)

describe("the database and the API", () => {
  const all = { from: new Date("2025-12-01T00:00:00Z"), to: new Date("2026-07-01T00:00:00Z") }
  const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)

  it("give equal recordings", async () => {
    const list = (source: typeof onSite) =>
      run(
        Effect.scoped(
          Effect.flatMap(source, (opened) => Stream.runCollect(opened.list({ ...all, order: "oldest-first" })))
        )
      )
    const [left, right] = [await list(overHttp), await list(onSite)]
    expect(right.length).toBeGreaterThan(200)
    expect(right.map(comparable).toSorted(byId)).toEqual(left.map(comparable).toSorted(byId))
  })

  it("give equal changes, and calls", async () => {
    const changes = (source: typeof onSite) =>
      run(Effect.scoped(Effect.flatMap(source, (opened) => Stream.runCollect(opened.changes()))))
    const recordings = async (source: typeof onSite) =>
      (await changes(source)).flatMap((page) => page.recordings.map(comparable)).toSorted(byId)
    expect(await recordings(onSite)).toEqual(await recordings(overHttp))
    const id = webitel.truth.find(({ scenario }) => scenario === "transfer")?.rootId ?? ""
    const find = (source: typeof onSite) => run(Effect.scoped(Effect.flatMap(source, (opened) => opened.find({ id }))))
    const found = (await find(onSite)).map(comparable).toSorted(byId)
    expect(found.length).toBeGreaterThan(1)
    expect(found).toEqual((await find(overHttp)).map(comparable).toSorted(byId))
  })
})
