import { type Recording, RecordingError, type RecordingSource, Truncated } from "@callreel/recording"
import { Cause, Effect, Exit, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { memorySource } from "../memory/memorySource.ts"
import { memoryExpectations, memoryWorld } from "../memory/memoryWorld.ts"
import { conformance, conformanceCases, runCase, selectCases } from "./conformance.ts"

const world = memoryWorld("memory")
conformance(
  "the memory source",
  Effect.sync(() => memorySource("memory", world)),
  memoryExpectations(world)
)

/** An adapter that has gone wrong in one way. */
type Mutation = (source: RecordingSource) => RecordingSource

/** Numbers of the cases that a wrong adapter fails, each on a world of its own. */
const failures = async (mutate: Mutation): Promise<ReadonlyArray<number>> => {
  const { capability } = mutate(memorySource("memory", memoryWorld("memory")))
  const failed: Array<number> = []
  for (const conformanceCase of selectCases(capability, memoryExpectations(memoryWorld("memory")))) {
    const fresh = memoryWorld("memory")
    const source = Effect.sync(() => mutate(memorySource("memory", fresh)))
    const exit = await Effect.runPromiseExit(runCase(conformanceCase, source, memoryExpectations(fresh)))
    if (Exit.isFailure(exit)) failed.push(conformanceCase.number)
  }
  return failed
}

const listing =
  (
    change: (
      recordings: Stream.Stream<Recording, RecordingError>,
      query: { from: Date; to: Date }
    ) => Stream.Stream<Recording, RecordingError>
  ): Mutation =>
  (source) => ({ ...source, list: (query) => change(source.list(query), query) })

const startOf = (recording: Recording): number => recording.call?.startedAt.getTime() ?? 0

const mutations: ReadonlyArray<readonly [string, Mutation, ReadonlyArray<number>]> = [
  [
    "loses what starts exactly at a slice border",
    listing((found, { from }) => Stream.filter(found, (recording) => startOf(recording) !== from.getTime())),
    [101, 103, 104]
  ],
  [
    "takes the end of a window for included",
    (source) => ({ ...source, list: (query) => source.list({ ...query, to: new Date(query.to.getTime() + 1) }) }),
    [103, 104]
  ],
  ["lists a recording twice", listing((found) => Stream.concat(found, Stream.take(found, 1))), [101]],
  [
    "forgets the order",
    (source) => ({ ...source, list: (query) => source.list({ ...query, order: "newest-first" }) }),
    [102]
  ],
  ["ignores a filter", (source) => ({ ...source, list: ({ queue: _, ...query }) => source.list(query) }), [113]],
  [
    "takes a part of a number for the number",
    (source) => ({
      ...source,
      list: ({ number, ...query }) =>
        number === undefined
          ? source.list(query)
          : Stream.filter(source.list(query), ({ call }) => call?.from?.number?.includes(number) === true)
    }),
    [114]
  ],
  [
    "ends cut audio as if it were whole",
    (source) => ({
      ...source,
      audio: (reference, options) =>
        Effect.map(source.audio(reference, options), (audio) => ({
          ...audio,
          stream: Stream.catchIf(
            audio.stream,
            (error) => error.reason instanceof Truncated,
            () => Stream.empty
          )
        }))
    }),
    [408]
  ],
  ["ignores ranges", (source) => ({ ...source, audio: (reference) => source.audio(reference) }), [404, 405]],
  [
    "claims archives that it does not have",
    (source) => ({ ...source, capability: { ...source.capability, requestArchive: true } }),
    [516]
  ],
  [
    "claims a checkpointed feed and forgets the late",
    (source) => ({ ...source, changes: (after) => (after === undefined ? source.changes() : Stream.empty) }),
    [202, 203]
  ],
  [
    "denies statistics and gives them all the same",
    (source) => ({ ...source, capability: { ...source.capability, stats: false } }),
    [503]
  ],
  [
    "denies sizes and carries them all the same",
    (source) => ({ ...source, capability: { ...source.capability, hasBytes: false } }),
    [109]
  ],
  [
    "claims media types and leaves them out",
    listing((found) =>
      Stream.map(found, ({ audio, ...recording }) => ({
        ...recording,
        audio: { ...(audio?.bytes && { bytes: audio.bytes }) }
      }))
    ),
    [109]
  ],
  [
    "finds only the first recording of a call",
    (source) => ({ ...source, find: (call) => Effect.map(source.find(call), (found) => found.slice(0, 1)) }),
    [304, 306, 517]
  ],
  [
    "takes any id for its own",
    (source) => ({
      ...source,
      get: () =>
        source
          .list({ from: new Date(0), to: new Date(2e12) })
          .pipe(Stream.runHead, Effect.flatMap(Effect.fromOption), Effect.orDie)
    }),
    [302, 303]
  ],
  [
    "never moves its checkpoint",
    (source) => ({
      ...source,
      changes: (after) =>
        Stream.map(source.changes(), (page) => ({
          ...page,
          checkpoint: after ?? { provider: "memory", version: 1, state: 0 }
        }))
    }),
    [205]
  ],
  [
    "gives no page when nothing is new",
    (source) => ({
      ...source,
      changes: (after) => Stream.filter(source.changes(after), ({ recordings }) => recordings.length > 0)
    }),
    [205]
  ],
  [
    "calls its audio something else",
    (source) => ({
      ...source,
      audio: (reference, options) =>
        Effect.map(source.audio(reference, options), (audio) => ({ ...audio, mediaType: "audio/wav" }))
    }),
    [401, 402, 403]
  ],
  [
    "removes from a month before the window",
    (source) => ({
      ...source,
      removeWindow: ({ from, to }) => source.removeWindow({ from: new Date(from.getTime() - 30 * 86_400_000), to })
    }),
    [602]
  ],
  [
    "names another source in its errors",
    (source) => ({
      ...source,
      get: (reference) =>
        Effect.mapError(
          source.get(reference),
          ({ reason }) => new RecordingError({ source: "?", operation: "get", reason })
        )
    }),
    [513]
  ]
]

describe("the conformance suite", () => {
  it("numbers its cases once", () => {
    const numbers = conformanceCases.map(({ number }) => number)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it("passes a good adapter on every case, each on a world of its own", async () => {
    expect(await failures((source) => source)).toEqual([])
  })

  it.each(mutations)("fails an adapter that %s", async (_, mutate, expected) => {
    const failed = await failures(mutate)
    expect(failed).toEqual(expect.arrayContaining([...expected]))
  })

  it("names the recordings that are missing", async () => {
    const [first] = conformanceCases
    const source = Effect.sync(() =>
      listing((found) => Stream.drop(found, 1))(memorySource("memory", memoryWorld("memory")))
    )
    if (first === undefined) throw new Error("there are no cases")
    const exit = await Effect.runPromiseExit(runCase(first, source, memoryExpectations(memoryWorld("memory"))))
    expect(Exit.isFailure(exit) && Cause.pretty(exit.cause)).toContain("recording-59")
  })
})
