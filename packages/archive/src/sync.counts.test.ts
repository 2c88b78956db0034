import { describe, expect, it } from "@effect/vitest"
import {
  Forbidden,
  Gone,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  Pending,
  RateLimited,
  type Reason,
  Truncated,
  Unavailable
} from "@callreel/recording"
import { memorySource } from "@callreel/testkit"
import { Duration, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { checkProof } from "./checkProof.ts"
import type { State } from "./Entry.ts"
import {
  entriesOf,
  type FolderArchive,
  folderArchive,
  partialsOf,
  pathsOf,
  proofAt,
  readFileOf,
  sha512Of,
  sync
} from "./internal/testing/test/sync/archives.ts"
import {
  minutesAfter,
  noon,
  type RecordingPlan,
  shortAudio,
  watched,
  withAudioFaults,
  withGetFaults,
  worldOf
} from "./internal/testing/test/sync/worlds.ts"
import { archiveStatus } from "./status.ts"
import type { SyncResult } from "./sync.ts"

const later = minutesAfter(5 * 24 * 60)

/** What a vendor may do with one recording, and where it stands after a run. */
const fates = {
  fine: { state: "archived" },
  "fine at the second try": { state: "archived", faults: [new Unavailable({ detail: "no" })] },
  "fine at the fourth try": {
    state: "archived",
    faults: [
      new Truncated({ expected: 2, received: 1 }),
      new Truncated({ expected: 2, received: 0 }),
      new Unavailable({ detail: "no" })
    ]
  },
  "never answered": { state: "failed", reason: "Unavailable", always: new Unavailable({ detail: "no" }) },
  "always cut": { state: "failed", reason: "Truncated", always: new Truncated({ expected: 2, received: 1 }) },
  "a page in place of audio": {
    state: "failed",
    reason: "InvalidResponse",
    always: new InvalidResponse({ path: "", detail: "HTML" })
  },
  "a wrong question": {
    state: "failed",
    reason: "InvalidQuery",
    always: new InvalidQuery({ field: "id", detail: "" })
  },
  expired: { state: "unavailable", reason: "expired", always: new Gone({ why: "expired", detail: "" }) },
  refused: { state: "unavailable", reason: "forbidden", always: new Forbidden({ detail: "" }) },
  "not found": { state: "unavailable", reason: "absent", always: new NotFound({ what: "it" }) },
  removed: { state: "unavailable", reason: "deleted", always: new NotFound({ what: "it" }), isRemoved: true },
  "not ready": { state: "pending", reason: "Pending", always: new Pending({ retryAt: later, detail: "" }) },
  "held back": { state: "pending", reason: "RateLimited", always: new RateLimited({ retryAfter: Duration.hours(1) }) },
  "listed as too short": { state: "unavailable", reason: "too-short", plan: unavailableOf("too-short") },
  "listed as expired": { state: "unavailable", reason: "expired", plan: unavailableOf("expired") },
  "listed as not ready": {
    state: "pending",
    plan: { availability: { state: "pending", retryAt: later } }
  },
  "longer than reported": { state: "archived", isSuspect: true, plan: { reportedSeconds: 0.001, reportedBytes: 1 } }
} satisfies Record<string, Fate>

interface Fate {
  readonly state: State
  readonly reason?: string
  readonly isSuspect?: boolean
  readonly isRemoved?: boolean
  readonly faults?: ReadonlyArray<Reason>
  readonly always?: Reason
  readonly plan?: Partial<RecordingPlan>
}

type FateName = keyof typeof fates

function unavailableOf(reason: "too-short" | "expired"): Partial<RecordingPlan> {
  return { availability: { state: "unavailable", reason } }
}

const fateOf = (name: FateName): Fate => fates[name]

/** One recording of a generated world: two sources, some days, ids that are like and unlike each other. */
interface Generated {
  readonly source: "us" | "pbx"
  readonly minute: number
  readonly id: string
  readonly fate: FateName
}

const generated: fc.Arbitrary<ReadonlyArray<Generated>> = fc.uniqueArray(
  fc.record({
    source: fc.constantFrom("us", "pbx"),
    // Older than a day: what is not found is not awaited any more.
    minute: fc.integer({ min: -15_000, max: -1500 }),
    id: fc
      .oneof(
        fc.string({ minLength: 1, maxLength: 5 }),
        fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
        fc.constantFrom("a", "A", "a/b", "..", "Ä", "x".repeat(300))
      )
      // No source takes a blank one.
      .filter((id) => id.trim() !== ""),
    fate: fc.constantFrom(...Object.keys(fates).filter((name): name is FateName => name in fates))
  }),
  { selector: ({ id, source }) => `${source}:${id}`, maxLength: 25 }
)

const sourcesOf = (recordings: ReadonlyArray<Generated>) =>
  (["us", "pbx"] as const).map((source) => {
    const own = recordings.filter((one) => one.source === source)
    const fateOfId = (id: string): Fate => fateOf(own.find((one) => one.id === id)?.fate ?? "fine")
    const world = worldOf(own.map(({ fate, id, minute }) => ({ id, minute, source, ...fateOf(fate).plan })))
    return watched(
      withGetFaults(
        withAudioFaults(memorySource(source, world), (id, attempt) => {
          const { always, faults = [] } = fateOfId(id)
          return always ?? faults[attempt - 1]
        }),
        ({ id }) => (fateOfId(id).isRemoved === true ? new NotFound({ what: "it" }) : undefined)
      )
    )
  })

const countOf = (recordings: ReadonlyArray<Generated>, matches: (fate: Fate) => boolean) =>
  recordings.filter(({ fate }) => matches(fateOf(fate))).length

const expectedCounts = (recordings: ReadonlyArray<Generated>) => ({
  listed: recordings.length,
  archived: countOf(recordings, ({ state }) => state === "archived"),
  pending: countOf(recordings, ({ state }) => state === "pending"),
  failed: countOf(recordings, ({ state }) => state === "failed"),
  unavailable: Object.fromEntries(
    ["absent", "deleted", "expired", "forbidden", "too-short"]
      .map(
        (why) => [why, countOf(recordings, ({ reason, state }) => state === "unavailable" && reason === why)] as const
      )
      .filter(([, count]) => count > 0)
  ),
  suspect: countOf(recordings, ({ isSuspect }) => isSuspect === true)
})

/** The numbers of a sentence, by what they count. */
const numbersIn = (summary: string) =>
  Object.fromEntries(
    Array.from(summary.matchAll(/([\d,]+) ([a-z-]+)/g), ([, number = "", what = ""]) => [
      what,
      Number(number.replaceAll(",", ""))
    ])
  )

const checkNumbers = (archive: FolderArchive, recordings: ReadonlyArray<Generated>, result: SyncResult) =>
  Effect.gen(function* () {
    const expected = expectedCounts(recordings)
    expect(result).toMatchObject(expected)
    expect(yield* archiveStatus(archive)).toMatchObject(expected)

    const entries = yield* entriesOf(archive)
    expect(entries).toHaveLength(recordings.length)
    const standing = new Map(entries.map((entry) => [`${entry.source}:${entry.id}`, entry]))
    for (const { fate, id, source } of recordings) {
      const { reason, state } = fateOf(fate)
      const entry = standing.get(`${source}:${id}`)
      expect([entry?.state, entry?.reason]).toEqual([state, reason])
    }

    const { unavailable, ...states } = expected
    const sum = Object.values(unavailable).reduce((total, count) => total + count, 0)
    expect(numbersIn(result.summary)).toEqual({
      listed: states.listed,
      archived: states.archived,
      pending: states.pending,
      failed: states.failed,
      unavailable: sum,
      ...unavailable
    })
    expect(result.notObtained).toHaveLength(states.listed - states.archived)

    for (const { proof: path, source } of result.sources) {
      const own = recordings.filter((one) => one.source === source)
      const bytes = yield* readFileOf(archive, path ?? "")
      expect(yield* proofAt(archive, path)).toMatchObject({ source, ...expectedCounts(own) })
      expect(yield* checkProof(archive, bytes)).toEqual([])
    }
  })

/** The archive has every obtained recording once, whole, and nothing else. */
const checkFiles = (archive: FolderArchive, recordings: ReadonlyArray<Generated>) =>
  Effect.gen(function* () {
    const entries = yield* entriesOf(archive)
    const files = entries.flatMap(({ file, id, source }) => (file === undefined ? [] : [{ ...file, id, source }]))
    for (const { bytes, id, path, sha512, source } of files) {
      const truth = shortAudio(`${source}:${id}`)
      expect([bytes, sha512]).toEqual([truth.length, sha512Of(truth)])
      expect(Buffer.compare(yield* readFileOf(archive, path), truth)).toBe(0)
    }
    const archived = countOf(recordings, ({ state }) => state === "archived")
    expect(new Set(files.map(({ path }) => path)).size).toBe(archived)
    const paths = yield* pathsOf(archive)
    expect(paths.filter((path) => !path.startsWith("proofs/"))).toHaveLength(archived * 2)
    expect(yield* partialsOf(archive)).toEqual([])
  })

const window = { from: minutesAfter(-20_000), to: noon }

/** How often a run fetches what fails for these reasons; the others four times. */
const fetchesOf: Readonly<Record<string, number>> = { InvalidQuery: 1, InvalidResponse: 1, Truncated: 5 }

describe("whatever a vendor does", () => {
  it(
    "the counts add up in result, ledger, proof and sentence, and files are there once and whole",
    () =>
      fc.assert(
        fc.asyncProperty(generated, fc.boolean(), (recordings, byWindow) =>
          Effect.runPromise(
            Effect.gen(function* () {
              yield* TestClock.setTime(noon.getTime())
              const archive = yield* folderArchive
              const sources = sourcesOf(recordings)
              const options = byWindow ? window : {}
              const first = yield* sync(
                archive,
                sources.map(({ source }) => source),
                options
              )
              yield* checkNumbers(archive, recordings, first)
              yield* checkFiles(archive, recordings)
              const fetched = sources.map(({ asked }) => asked.audio.length)

              // A second run changes nothing: what failed is tried once more, what is archived is not.
              yield* TestClock.adjust(Duration.minutes(1))
              const second = yield* sync(
                archive,
                sources.map(({ source }) => source),
                options
              )
              yield* checkNumbers(archive, recordings, second)
              yield* checkFiles(archive, recordings)
              expect(second.fetched).toBe(0)
              const tries = recordings.map(({ fate }) => fateOf(fate))
              const triedAgain = tries.reduce(
                (sum, { reason, state }) => sum + (state !== "failed" ? 0 : (fetchesOf[reason ?? ""] ?? 4)),
                0
              )
              const fetchedIn = sources.map(({ asked }, index) => asked.audio.length - (fetched[index] ?? 0))
              expect(fetchedIn.reduce((sum, count) => sum + count, 0)).toBe(triedAgain)
            }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))
          )
        ),
        { numRuns: 30 }
      ),
    60_000
  )
})

describe("a window of a larger archive", () => {
  it("is counted by itself: windows that touch come to the whole", () =>
    fc.assert(
      fc.asyncProperty(generated, fc.integer({ min: -15_000, max: -1500 }), (recordings, minute) =>
        Effect.runPromise(
          Effect.gen(function* () {
            yield* TestClock.setTime(noon.getTime())
            const archive = yield* folderArchive
            const sources = sourcesOf(recordings).map(({ source }) => source)
            const border = minutesAfter(minute)
            const left = yield* sync(archive, sources, { from: window.from, to: border })
            const right = yield* sync(archive, sources, { from: border, to: window.to })
            expect(left.listed + right.listed).toBe(recordings.length)
            const before = recordings.filter((one) => minutesAfter(one.minute) < border)
            expect(left).toMatchObject(expectedCounts(before))
            const days = yield* Stream.runCollect(archive.ledger.keysByDay({}))
            expect(days.flatMap(({ ids }) => ids)).toHaveLength(recordings.length)
          }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))
        )
      ),
      { numRuns: 10 }
    ))
})
