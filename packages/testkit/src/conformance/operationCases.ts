import type { Capability, Reason, RecordingError, RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import assert from "node:assert/strict"
import { assertSameIds, failsWith, listAll, sha512, someAvailable } from "./assertions.ts"
import type { ConformanceCase, Expectations } from "./Case.ts"

type OptionalOperation = "changes" | "link" | "stats" | "remove" | "removeWindow" | "requestArchive" | "notification"

const emails = ["archive@example.org"]

/** What a browser would get. */
const download = async (url: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(url)).arrayBuffer())

/** One call of each operation that a source may lack. */
const calls = (
  source: RecordingSource,
  { window, unknownRecordingId: id }: Expectations
): Readonly<Record<OptionalOperation, Effect.Effect<unknown, RecordingError>>> => ({
  changes: Stream.runDrain(source.changes()),
  link: source.link({ id }),
  stats: source.stats(window),
  remove: source.remove({ id }),
  removeWindow: source.removeWindow(window),
  requestArchive: source.requestArchive({ ...window, emails }),
  notification: source.notification(new Request("http://localhost/"))
})

const operations: ReadonlyArray<OptionalOperation> = [
  "changes",
  "link",
  "stats",
  "remove",
  "removeWindow",
  "requestArchive",
  "notification"
]

const deniedCase = (operation: OptionalOperation, index: number): ConformanceCase => ({
  number: 501 + index,
  name: `${operation} is refused as Unsupported, as the capability denies it`,
  selects: (capability) => !capability[operation],
  body: (source, expectations) =>
    Effect.gen(function* () {
      const reason = yield* failsWith(calls(source, expectations)[operation], ["Unsupported"], operation)
      assert.equal(reason._tag === "Unsupported" && reason.capability, operation)
    })
})

const filterKeys = {
  direction: "listByDirection",
  number: "listByNumber",
  extension: "listByExtension",
  queue: "listByQueue"
} as const satisfies Record<string, keyof Capability>

/** The operations that only some vendors have: what is declared works, what is not is refused. */
export const operationCases: ReadonlyArray<ConformanceCase> = [
  ...operations.map(deniedCase),
  {
    number: 508,
    name: "filters, and ways to find, that the capability denies are refused as Unsupported",
    body: (source, { window, unknownCallId }) =>
      Effect.gen(function* () {
        for (const [filter, key] of Object.entries(filterKeys)) {
          if (source.capability[key] !== "unsupported") continue
          const listing = source.list({ ...window, [filter]: filter === "direction" ? "inbound" : "7" })
          yield* failsWith(Stream.runDrain(listing), ["Unsupported"], `list by ${filter}`)
        }
        if (!source.capability.findByCallId) {
          yield* failsWith(source.find({ id: unknownCallId }), ["Unsupported"], "find by call id")
        }
        if (!source.capability.findByEvent)
          yield* failsWith(source.find({ event: {} }), ["Unsupported"], "find by event")
      })
  },
  {
    number: 511,
    name: "check finds the account and no missing permission",
    body: (source, { account }) =>
      Effect.gen(function* () {
        const found = yield* source.check()
        assert.equal(found.account, account)
        assert.deepEqual(
          found.permissions.filter(({ granted }) => !granted),
          []
        )
      })
  },
  {
    number: 512,
    name: "refused credentials are Unauthorized or Forbidden, also for a list, which is never just empty",
    selects: (_, { refusedSource }) => refusedSource !== undefined,
    body: (_, { refusedSource, window }) =>
      Effect.gen(function* () {
        if (refusedSource === undefined) return
        const refused: ReadonlyArray<Reason["_tag"]> = ["Unauthorized", "Forbidden"]
        const source = yield* refusedSource
        yield* failsWith(source.check(), refused, "check")
        yield* failsWith(Stream.runDrain(source.list(window)), refused, "list")
      })
  },
  {
    number: 513,
    name: "errors name their source and operation",
    body: (source, { unknownRecordingId: id }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(source.get({ id })).pipe(Effect.orDie)
        assert.equal(error._tag, "RecordingError")
        assert.equal(error.source, source.name)
        assert.equal(error.operation, "get")
        assert.match(error.message, new RegExp(`^${source.name}: get: .+`))
        const at = new Date("2026-01-01T00:00:00Z")
        const listing = yield* Effect.flip(Stream.runDrain(source.list({ from: at, to: at }))).pipe(Effect.orDie)
        assert.equal(`${listing.source} ${listing.operation}`, `${source.name} list`)
      })
  },
  {
    number: 514,
    name: "link gives an address, and one that needs no login gives the audio",
    selects: (capability) => capability.link,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const unknown = source.link({ id: expectations.unknownRecordingId })
        yield* failsWith(unknown, ["NotFound", "Gone"], "a link of an unknown id")
        yield* failsWith(source.link({ id: ".." }), ["NotFound", "InvalidQuery"], "a link of a hostile id")
        for (const { id, sha512: expected } of someAvailable(expectations, 2)) {
          const link = yield* source.link({ id })
          assert.ok(URL.canParse(link.url), "the link is an address")
          if (link.authentication !== "none" || expectations.faulty === true) continue
          const bytes = yield* Effect.promise(() => download(link.url))
          if (expected !== undefined) assert.equal(sha512(bytes), expected(), "the link's bytes")
        }
      })
  },
  {
    number: 515,
    name: "stats count what list lists",
    selects: (capability) => capability.stats,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const { recordings, bytes } = yield* source.stats(expectations.window)
        assert.equal(recordings, expectations.recordings.length)
        const sizes = expectations.recordings.map((recording) => recording.bytes)
        if (!sizes.includes(undefined))
          assert.equal(
            bytes,
            sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
          )
      })
  },
  {
    number: 516,
    name: "requestArchive is accepted, and refuses addresses that are none",
    selects: (capability) => capability.requestArchive,
    body: (source, { window }) =>
      Effect.gen(function* () {
        yield* failsWith(source.requestArchive({ ...window, emails: [] }), ["InvalidQuery"], "no address")
        yield* failsWith(source.requestArchive({ ...window, emails: ["a"] }), ["InvalidQuery"], "no address")
        const to = new Date(Math.min(window.to.getTime(), window.from.getTime() + 7 * 86_400_000))
        assert.equal((yield* source.requestArchive({ from: window.from, to, emails })).accepted, true)
      })
  },
  {
    number: 517,
    name: "notification answers the webhook, and names the call to find",
    selects: (capability, { webhook, event }) =>
      capability.notification && webhook !== undefined && event !== undefined,
    body: (source, { webhook, event }) =>
      Effect.gen(function* () {
        if (webhook === undefined) return
        const {
          response,
          calls: [call]
        } = yield* source.notification(webhook())
        assert.ok(response.ok, "the vendor gets a good answer")
        assert.ok(call, "a call to find")
        assertSameIds(yield* source.find(call), event?.recordingIds.map((id) => ({ id })) ?? [], "find by notification")
      })
  },
  // What removes stands last: the recordings are gone for the cases that follow.
  {
    number: 601,
    name: "remove deletes that one recording",
    selects: (capability, { removable }) => capability.remove && removable === true,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const [victim] = someAvailable(expectations, 1)
        assert.ok(victim, "a recording that can be had")
        yield* source.remove({ id: victim.id })
        if (expectations.listsRemoved === true) {
          const gone: ReadonlyArray<Reason["_tag"]> = ["NotFound", "Gone", "Pending"]
          yield* failsWith(Effect.scoped(source.audio({ id: victim.id })), gone, "audio after remove")
        }
        const left = expectations.recordings.filter(({ id }) => id !== victim.id || expectations.listsRemoved === true)
        assertSameIds(yield* listAll(source, expectations), left, "list after remove")
        if (expectations.removesAgain === true) return
        yield* failsWith(source.remove({ id: victim.id }), ["NotFound", "Gone"], "removing it again")
      })
  },
  {
    number: 602,
    name: "removeWindow deletes what starts in the window, and nothing else",
    selects: (capability, { removable }) => capability.removeWindow && removable === true,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const before = yield* listAll(source, expectations)
        const middle = before[Math.floor(before.length / 2)]?.call?.startedAt
        const from = before.at(-3)?.call?.startedAt
        assert.ok(middle && from, "recordings to remove")
        // Both borders lie exactly on calls: what starts at the first goes, what starts at the second stays.
        yield* source.removeWindow({ from, to: middle })
        const left = before.filter(
          ({ call }) => call !== undefined && (call.startedAt < from || call.startedAt >= middle)
        )
        assert.ok(left.length > 0 && left.length < before.length, "the window must hold some, not all")
        assertSameIds(yield* listAll(source, expectations), left, "list after removeWindow")
      })
  }
]
