import { describe, expect, it } from "@effect/vitest"
import { type Checkpoint, Unauthorized, Unavailable } from "@callreel/recording"
import { memorySource } from "@callreel/testkit"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { archiveSource } from "./archiveSource.ts"
import {
  entriesOf,
  entryOf,
  folderArchive,
  pathsOf,
  proofAt,
  quick,
  readFileOf,
  sync
} from "./internal/testing/test/sync/archives.ts"
import {
  change,
  entryFor,
  failing,
  minutesAfter,
  shortAudio,
  watchedWorld,
  wholeDay,
  withAudioFaults,
  worldOf
} from "./internal/testing/test/sync/worlds.ts"
import { syncArchive } from "./sync.ts"

const evening = minutesAfter(600)

const atEvening = TestClock.setTime(evening.getTime())

const three = [
  { id: "1", minute: 0 },
  { id: "2", minute: 10 },
  { id: "3", minute: 20 }
]

describe("a run over a window", () => {
  it.effect("archives what began in it, from its first instant to before its last, and nothing else", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(three))
      const result = yield* sync(archive, [source], { from: minutesAfter(0), to: minutesAfter(20) })
      expect(result).toMatchObject({
        listed: 2,
        archived: 2,
        unavailable: {},
        pending: 0,
        failed: 0,
        fetched: 2,
        bytesFetched: shortAudio("us:1").length + shortAudio("us:2").length,
        summary: "2 listed: 2 archived, 0 unavailable, 0 pending, 0 failed",
        notObtained: []
      })
      expect(result.stopped).toBeUndefined()
      expect(asked.lists).toEqual(["list"])
      expect((yield* entriesOf(archive)).map(({ id }) => id)).toEqual(["1", "2"])
      const { file } = yield* entryOf(archive, "2")
      expect(Buffer.compare(yield* readFileOf(archive, file?.path ?? ""), shortAudio("us:2"))).toBe(0)
    })
  )

  it.effect("proves its window, day by day", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf([{ id: "0", minute: -24 * 60 }, ...three])
      const from = minutesAfter(-24 * 60 - 10)
      const result = yield* sync(archive, [memorySource("us", world)], { from, to: minutesAfter(15) })
      const proof = yield* proofAt(archive, result.sources[0]?.proof)
      expect(proof).toMatchObject({
        source: "us",
        provider: "memory",
        from: from.toISOString(),
        to: minutesAfter(15).toISOString(),
        at: evening.toISOString(),
        tool: "callreel test",
        listed: 3,
        archived: 3,
        slices: [
          { from: from.toISOString(), to: "2026-03-01T00:00:00.000Z", listed: 1 },
          { from: "2026-03-01T00:00:00.000Z", to: minutesAfter(15).toISOString(), listed: 2 }
        ],
        vendor: { recordings: 3, bytes: proof.bytes, difference: { recordings: 0, bytes: 0 } }
      })
      expect(proof.previous).toBeUndefined()
    })
  )

  it.effect("without an end ends now", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(minutesAfter(10).getTime())
      const archive = yield* folderArchive
      const result = yield* sync(archive, [memorySource("us", worldOf(three))], { from: minutesAfter(-10) })
      expect(result).toMatchObject({ listed: 1, archived: 1, sources: [{ to: minutesAfter(10) }] })
    })
  )

  it.effect("tells of other windows nothing, and fetches nothing of them", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(three))
      yield* sync(archive, [source], { from: minutesAfter(0), to: minutesAfter(30), maxTransfer: 1, transfers: 1 })
      expect(asked.audio.map(({ id }) => id)).toEqual(["1"])
      const result = yield* sync(archive, [source], { from: minutesAfter(15), to: minutesAfter(30) })
      expect(result).toMatchObject({ listed: 1, archived: 1, fetched: 1 })
      expect(asked.audio.map(({ id }) => id)).toEqual(["1", "3"])
      expect((yield* entryOf(archive, "2")).state).toBe("pending")
    })
  )

  it.effect.each([
    ["--to without --from", { to: minutesAfter(0) }, "needs a beginning"],
    ["an empty one", { from: minutesAfter(0), to: minutesAfter(0) }, "--from must be before --to"],
    ["a reversed one", { from: minutesAfter(1), to: minutesAfter(0) }, "--from must be before --to"],
    ["filters without one", { filters: { direction: "inbound" } }, "name one with --from"],
    [
      "filters where nothing is listed",
      { from: minutesAfter(0), retryFailed: true, filters: { direction: "inbound" } },
      "without --retry-failed"
    ]
  ] as const)("is refused with %s, and the archive stays as it is", ([, window, says]) =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(three))
      const error = yield* Effect.flip(sync(archive, [source], window))
      expect(error).toMatchObject({ reason: "InvalidQuery", detail: expect.stringContaining(says) })
      expect(asked.lists).toEqual([])
      expect(yield* pathsOf(archive)).toEqual([])
    })
  )

  it.effect("with filters archives what they let through, and proves nothing: it does not know all", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf([...three, { id: "4", minute: 30, direction: "outbound" }])
      const result = yield* sync(archive, [memorySource("us", world)], {
        ...wholeDay,
        filters: { direction: "outbound" }
      })
      expect(result).toMatchObject({ listed: 1, archived: 1 })
      expect(result.sources[0]?.proof).toBeUndefined()
      expect(yield* pathsOf(archive, "proofs")).toEqual([])
      expect((yield* entriesOf(archive)).map(({ id }) => id)).toEqual(["4"])
    })
  )
})

describe("a run without a window", () => {
  it.effect("goes on where the last one ended", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf(three)
      const { asked, source } = watchedWorld(world)
      const first = yield* sync(archive, [source], { transfers: 1 })
      expect(first).toMatchObject({ listed: 3, archived: 3, fetched: 3 })
      const checkpoint = yield* archive.ledger.checkpoint("us")
      expect(checkpoint).toEqual({ provider: "memory", version: 1, state: 3 })

      const second = yield* sync(archive, [source])
      expect(second).toMatchObject({ listed: 3, archived: 3, fetched: 0, bytesFetched: 0 })

      // Late: its call began before those that are archived.
      world.entries.push(entryFor({ id: "late", minute: -60 }))
      const third = yield* sync(archive, [source])
      expect(third).toMatchObject({ listed: 4, archived: 4, fetched: 1 })
      expect(asked.audio.map(({ id }) => id)).toEqual(["1", "2", "3", "late"])
      expect(asked.lists).toEqual(["changes", "changes", "changes"])
    })
  )

  it.effect("begins at the source's own beginning, and proves from there", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const since = minutesAfter(-600)
      const source = memorySource("us", worldOf(three))
      const result = yield* syncArchive(archive, [{ source, since }], quick)
      expect(result.sources[0]).toMatchObject({ source: "us", from: since, to: evening })
      expect(yield* proofAt(archive, result.sources[0]?.proof)).toMatchObject({
        from: since.toISOString(),
        to: evening.toISOString(),
        listed: 3
      })
    })
  )

  it.effect("goes on behind the last page that was stored when the listing breaks off", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const plans = Array.from({ length: 120 }, (_, index) => ({
        id: `${index}`,
        minute: index,
        audio: Buffer.from("a")
      }))
      const whole = memorySource("us", worldOf(plans))
      const asked: Array<unknown> = []
      let pages = 2
      const breaking = {
        ...whole,
        changes: (after?: Checkpoint) => {
          asked.push(after?.state)
          return Stream.concat(
            Stream.take(whole.changes(after), pages),
            Stream.fromEffect(failing(whole, "changes", new Unavailable({ detail: "no answer" })))
          )
        }
      }
      const first = yield* sync(archive, [breaking])
      expect(first.sources[0]?.problem?.reason._tag).toBe("Unavailable")
      expect(first.sources[0]?.proof).toBeUndefined()
      // What was listed is fetched all the same.
      expect(first).toMatchObject({ listed: 100, archived: 100 })
      pages = 0
      expect(yield* sync(archive, [breaking])).toMatchObject({ listed: 100, fetched: 0 })
      const last = yield* sync(archive, [whole])
      expect(last).toMatchObject({ listed: 120, archived: 120, fetched: 20 })
      expect(asked).toEqual([undefined, 100])
      expect(last.sources[0]?.proof).toBeDefined()
    })
  )
})

describe("two sources", () => {
  it.effect("run side by side, each with its own files, counts and proof, though their ids are the same", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const us = memorySource("us", worldOf(three))
      const pbx = memorySource("pbx", worldOf(three.slice(1).map((plan) => ({ ...plan, source: "pbx" }))))
      const result = yield* sync(archive, [us, pbx], wholeDay)
      expect(result).toMatchObject({ listed: 5, archived: 5, fetched: 5 })
      expect(result.sources.map(({ archived, source }) => [source, archived])).toEqual([
        ["us", 3],
        ["pbx", 2]
      ])
      const [one, other] = [yield* entryOf(archive, "2", "us"), yield* entryOf(archive, "2", "pbx")]
      expect(one.file?.path).not.toBe(other.file?.path)
      expect(Buffer.compare(yield* readFileOf(archive, one.file?.path ?? ""), shortAudio("us:2"))).toBe(0)
      expect(Buffer.compare(yield* readFileOf(archive, other.file?.path ?? ""), shortAudio("pbx:2"))).toBe(0)
      const proofs = yield* Effect.forEach(result.sources, ({ proof }) => proofAt(archive, proof))
      expect(proofs.map(({ listed, source }) => [source, listed])).toEqual([
        ["us", 3],
        ["pbx", 2]
      ])
    })
  )

  it.live("neither waits for the other", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      // Each source's fetch ends only when the other's has begun.
      const begun = { us: Promise.withResolvers<void>(), pbx: Promise.withResolvers<void>() }
      const meeting = (name: "us" | "pbx", other: "us" | "pbx") => {
        const source = memorySource(name, worldOf([{ id: "1", source: name }]))
        return {
          ...source,
          audio: (reference: { readonly id: string }) =>
            Effect.andThen(
              Effect.promise(() => {
                begun[name].resolve()
                return begun[other].promise
              }),
              source.audio(reference)
            )
        }
      }
      const result = yield* sync(archive, [meeting("us", "pbx"), meeting("pbx", "us")], wholeDay)
      expect(result).toMatchObject({ archived: 2 })
    })
  )

  it.effect("the trouble of one is told, and does not touch the other", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const us = withAudioFaults(memorySource("us", worldOf(three)), () => new Unauthorized({ detail: "no" }))
      const pbx = memorySource("pbx", worldOf([{ id: "1", source: "pbx" }]))
      const result = yield* sync(archive, [us, pbx], wholeDay)
      expect(result).toMatchObject({ listed: 4, archived: 1, pending: 3, failed: 0 })
      const [troubled, fine] = result.sources
      expect(troubled?.problem).toMatchObject({ source: "us", reason: { _tag: "Unauthorized" } })
      expect(troubled?.proof).toBeUndefined()
      expect(fine?.problem).toBeUndefined()
      expect(fine?.proof).toBeDefined()
      // Nothing is marked: it was the source's trouble and not theirs.
      expect((yield* entriesOf(archive, "us")).map(({ attempts, state }) => [state, attempts])).toEqual([
        ["pending", 0],
        ["pending", 0],
        ["pending", 0]
      ])
      const after = yield* sync(archive, [memorySource("us", worldOf(three))], wholeDay)
      expect(after).toMatchObject({ listed: 3, archived: 3 })
    })
  )
})

describe("what is archived", () => {
  it.effect("is listed and found again as the source gave it", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf(three)
      yield* sync(archive, [memorySource("us", world)], wholeDay)
      const source = archiveSource(archive, { name: "us", provider: "memory" })
      const listed = yield* Stream.runCollect(source.list({ ...wholeDay, order: "oldest-first" }))
      expect(listed).toEqual(world.entries.map(({ recording }) => recording))
    })
  )

  it.effect("stays as it was when the vendor tells other things of it later", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf(three)
      const { asked, source } = watchedWorld(world)
      yield* sync(archive, [source], wholeDay)
      const before = yield* entryOf(archive, "2")
      change(world, "2", (entry) => ({
        audio: shortAudio("other"),
        recording: { ...entry.recording, availability: { state: "unavailable", reason: "expired" } }
      }))
      yield* sync(archive, [source], wholeDay)
      expect(yield* entryOf(archive, "2")).toEqual(before)
      expect(asked.audio).toHaveLength(3)
    })
  )
})
