import { type ChangePage, type Checkpoint, Forbidden, InvalidQuery, type Recording } from "@callreel/recording"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { changesSince, type ChangeSources } from "./changes.ts"
import type { LogRecord } from "./wire.ts"

const hour = 3_600_000
const day = 24 * hour
const now = Date.parse("2026-03-10T12:00:00Z")
const pendingFor = Duration.hours(24)
const deadToken = new InvalidQuery({ field: "syncToken", detail: "x" })
const noAccess = new Forbidden({ detail: "x" })

const recording = (id: string): Recording => ({
  source: "us",
  provider: "ringcentral",
  account: "1",
  id,
  kind: "automatic",
  availability: { state: "available" },
  raw: {}
})
const record = (id: string): LogRecord => ({ id, startTime: "2026-03-10T11:00:00Z" })

/** The feed's answers by token, `FSync` for none; the log always has one recording for each slice. */
const sourcesOf = (
  feed: Readonly<Record<string, readonly [records: ReadonlyArray<string>, next: string, more: boolean]>>
) => {
  const asked: Array<string> = []
  const sources: ChangeSources = {
    sync: (query) => {
      const key = "syncToken" in query ? query.syncToken : "FSync"
      asked.push("dateFrom" in query ? `FSync ${query.dateFrom.toISOString()}` : `ISync ${key}`)
      const answer = feed[key]
      if (answer === undefined) return Effect.fail(key === "FSync" ? noAccess : deadToken)
      const [records, syncToken, newerRecordsExist] = answer
      return Effect.succeed({ records: records.map(record), syncInfo: { syncToken, newerRecordsExist } })
    },
    list: (from, to) => {
      asked.push(`log ${from.toISOString()} ${to.toISOString()}`)
      return Stream.make(recording(`at ${from.toISOString()}`))
    },
    recordingsOf: (records) => Effect.succeed(records.map(({ id }) => recording(String(id))))
  }
  return { asked, sources }
}

const at = (instant: number) => new Date(instant).toISOString()
const checkpoint = (through: number, syncToken?: string): Checkpoint => ({
  provider: "ringcentral",
  version: 1,
  state: { through: at(through), ...(syncToken !== undefined && { syncToken }) }
})

const run = (sources: ChangeSources, after?: Checkpoint, since = "2026-01-01") =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    return shown(yield* Stream.runCollect(changesSince(after, since, pendingFor, sources)))
  })

/** What came before the failure, and the failure. */
const runUntilFailure = (sources: ChangeSources, after: Checkpoint) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    const pages: Array<ChangePage> = []
    const all = Stream.runForEach(changesSince(after, undefined, pendingFor, sources), (page) =>
      Effect.sync(() => pages.push(page))
    )
    return { failure: yield* Effect.flip(all), ...shown(pages) }
  })

const shown = (pages: ReadonlyArray<ChangePage>) => ({
  ids: pages.flatMap(({ recordings }) => recordings.map(({ id }) => id)),
  pages,
  last: pages.at(-1)?.checkpoint
})

describe("changesSince", () => {
  it.effect("goes on with the token, until there is nothing newer", () =>
    Effect.gen(function* () {
      const { asked, sources } = sourcesOf({ a: [["1"], "b", true], b: [["2"], "c", false] })
      const { ids, last, pages } = yield* run(sources, checkpoint(now - 5 * day, "a"))
      expect(ids).toEqual(["1", "2"])
      expect(asked).toEqual(["ISync a", "ISync b"])
      // The time is reached with the last page; the token with each.
      expect(pages[0]?.checkpoint).toEqual(checkpoint(now - 5 * day, "b"))
      expect(last).toEqual(checkpoint(now, "c"))
    })
  )

  it.effect("begins with a token for the next run, then reads the log, oldest slice first, then the feed", () =>
    Effect.gen(function* () {
      const { asked, sources } = sourcesOf({ FSync: [["new"], "a", false] })
      const { last, pages } = yield* run(sources)
      const [first, second, third] = [
        at(Date.parse("2026-01-01")),
        at(Date.parse("2026-01-31")),
        at(Date.parse("2026-03-02"))
      ]
      expect(asked).toEqual([
        `FSync ${at(now - hour)}`,
        `log ${first} ${second}`,
        `log ${second} ${third}`,
        `log ${third} ${at(now)}`
      ])
      expect(pages.map(({ checkpoint: { state } }) => state)).toEqual([
        { through: first },
        { through: second },
        { through: second },
        { through: third },
        { through: third },
        { through: at(now) },
        { through: at(now), syncToken: "a" }
      ])
      expect(last).toEqual(checkpoint(now, "a"))
    })
  )

  it.effect("reads the log again from the hours before where the token is dead and old", () =>
    Effect.gen(function* () {
      const { asked, sources } = sourcesOf({ FSync: [["new"], "fresh", false] })
      const { ids, last } = yield* run(sources, checkpoint(now - 3 * day, "dead"))
      expect(asked).toEqual([
        "ISync dead",
        `FSync ${at(now - hour)}`,
        `log ${at(now - 3 * day - 30 * hour)} ${at(now)}`
      ])
      expect(ids).toEqual([`at ${at(now - 3 * day - 30 * hour)}`, "new"])
      expect(last).toEqual(checkpoint(now, "fresh"))
    })
  )

  it.effect("begins the feed anew, an hour earlier, where the token is dead and the checkpoint is of today", () =>
    Effect.gen(function* () {
      const { asked, sources } = sourcesOf({ FSync: [["1"], "b", true], b: [["2"], "c", false] })
      const { ids } = yield* run(sources, checkpoint(now - 2 * hour, "dead"))
      expect(asked).toEqual(["ISync dead", `FSync ${at(now - 3 * hour)}`, "ISync b"])
      expect(ids).toEqual(["1", "2"])
    })
  )

  it.effect("fails where the token dies on the way, with a checkpoint to begin anew from", () =>
    Effect.gen(function* () {
      const begun = yield* runUntilFailure(
        sourcesOf({ FSync: [["1"], "dies", true] }).sources,
        checkpoint(now - 5 * day)
      )
      expect(begun.ids).toContain("1")
      // The log was read up to now, so that nothing before has to be read again.
      expect(begun.last).toEqual(checkpoint(now))
      expect(begun.failure).toMatchObject({ _tag: "Unavailable" })
      const gone = yield* runUntilFailure(
        sourcesOf({ a: [["1"], "dies", true] }).sources,
        checkpoint(now - 5 * day, "a")
      )
      expect(gone.last).toEqual(checkpoint(now - 5 * day))
      expect(gone.failure).toMatchObject({ _tag: "Unavailable" })
    })
  )

  it.effect("does not ask for ever where the feed does not go on", () =>
    Effect.gen(function* () {
      const { sources } = sourcesOf({ a: [["1"], "b", true], b: [[], "b", true] })
      expect(yield* Effect.flip(run(sources, checkpoint(now - hour, "a")))).toMatchObject({ _tag: "InvalidResponse" })
    })
  )

  it.effect("reads the log alone where the account has no feed, also right after the last run", () =>
    Effect.gen(function* () {
      const { asked, sources } = sourcesOf({})
      const { last } = yield* run(sources, checkpoint(now - 2 * hour))
      expect(asked).toEqual([`FSync ${at(now - 3 * hour)}`, `log ${at(now - 32 * hour)} ${at(now)}`])
      expect(last).toEqual(checkpoint(now))
    })
  )

  it.effect("does not ask the company's feed for one extension", () =>
    Effect.gen(function* () {
      const { asked, sources } = sourcesOf({ FSync: [["1"], "a", false], a: [["1"], "b", false] })
      yield* run({ ...sources, sync: undefined }, checkpoint(now - 2 * hour, "a"))
      expect(asked).toEqual([`log ${at(now - 32 * hour)} ${at(now)}`])
    })
  )

  it.effect("does not believe a checkpoint of a clock that ran ahead", () =>
    Effect.gen(function* () {
      const { asked, sources } = sourcesOf({})
      const { last } = yield* run(sources, checkpoint(now + 5 * day))
      expect(asked).toEqual([`FSync ${at(now - hour)}`, `log ${at(now - 30 * hour)} ${at(now)}`])
      expect(last).toEqual(checkpoint(now))
    })
  )

  it.effect("refuses a checkpoint that it did not write, and asks for a beginning", () =>
    Effect.gen(function* () {
      const { sources } = sourcesOf({})
      for (const state of [{}, null, { through: 5 }, { through: "x" }]) {
        const wrong = { provider: "ringcentral", version: 1, state }
        expect(yield* Effect.flip(run(sources, wrong))).toMatchObject({ _tag: "InvalidQuery", field: "checkpoint" })
      }
      const missing = Stream.runDrain(changesSince(undefined, undefined, pendingFor, sources))
      expect(yield* Effect.flip(missing)).toMatchObject({ _tag: "InvalidOptions", option: "since" })
    })
  )
})
