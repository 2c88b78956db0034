import {
  type Capability,
  type ChangePage,
  defineSource,
  firstInstant,
  InstantText,
  Lane,
  type LaneName,
  MaxWait,
  type NativeQuery,
  NotFound,
  type Operation,
  optionsOf,
  type Provider,
  type Reason,
  type Recording,
  type RecordingReference,
  Secret,
  type SourceCheck,
  WaitListener,
  type WaitNotice
} from "@callreel/recording"
import { StateStorage } from "@callreel/transport"
import { Duration, Effect, type Redacted, Stream } from "effect"
import * as t from "io-ts"
import type { Providers } from "../providers.ts"
import { configurable } from "../providers.ts"

const everything: Capability = {
  changes: true,
  link: true,
  stats: true,
  remove: true,
  removeWindow: false,
  requestArchive: true,
  notification: false,
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "here",
  listOrder: "both",
  findByCallId: true,
  findByEvent: true,
  audioWithRange: false,
  hasBytes: true,
  hasDuration: true,
  hasChecksum: false,
  hasMediaType: true,
  hasQueue: true,
  getIsSlow: false,
  audioRequests: 1
}

/** A phone system in memory, to run the command against. */
export interface World {
  readonly recordings: Array<Recording>
  /** The audio of every recording that has none of its own in {@link audioOf}. */
  audio: Stream.Stream<Uint8Array, Reason>
  /** Audio of single recordings, by id; its length is not told. */
  readonly audioOf: Map<string, Stream.Stream<Uint8Array, Reason>>
  audioBytes: number | undefined
  mediaType: string
  /** Reasons that operations fail with, under `operation`, `source:operation` or `source:operation:id`. */
  readonly failures: Map<string, Reason>
  capability: Partial<Capability>
  check: SourceCheck
  /** What was asked, in order. */
  readonly asked: Array<{ readonly source: string; readonly operation: Operation; readonly what: unknown }>
  /** How urgent and patient each question was. */
  readonly contexts: Array<{ readonly lane: LaneName | undefined; readonly maxWaitSeconds: number }>
  /** A wait for a limit, told before every answer. */
  wait: WaitNotice | undefined
  /** How many questions the state kept between runs has seen. */
  remembered: unknown
  /** Secrets that sources were made with. */
  readonly secrets: Array<Redacted.Redacted<string> | undefined>
}

export const makeWorld = (): World => ({
  recordings: [],
  audio: Stream.make(new TextEncoder().encode("first part, "), new TextEncoder().encode("second part")),
  audioBytes: 23,
  mediaType: "audio/mpeg",
  audioOf: new Map(),
  failures: new Map(),
  capability: {},
  check: { account: "1001", permissions: [], limits: [] },
  asked: [],
  contexts: [],
  wait: undefined,
  remembered: undefined,
  secrets: []
})

const memoryOptions = optionsOf(
  "MemoryOptions",
  {},
  { secret: Secret, deep: t.array(t.type({ secret: Secret })), region: t.string, since: InstantText }
)

/** The provider `memory`, whose sources all show the same world. */
export const memoryProviders = (world: World): Providers => {
  const provider: Provider<t.TypeOf<typeof memoryOptions>> = {
    provider: "memory",
    options: memoryOptions,
    make: (name, options) =>
      Effect.sync(() => {
        world.secrets.push(options.secret)
        return memorySource(world, name, options.since)
      })
  }
  return { memory: () => Promise.resolve(configurable(provider)) }
}

/** Recordings of one page of changes. */
const pageSize = 10

const memorySource = (world: World, name: string, since: string | undefined) => {
  const asking = <A>(operation: Operation, what: unknown, answer: () => A): Effect.Effect<A, Reason> =>
    Effect.gen(function* () {
      world.asked.push({ source: name, operation, what })
      const maxWaitSeconds = Duration.toSeconds(yield* MaxWait)
      world.contexts.push({ lane: yield* Lane, maxWaitSeconds })
      if (world.wait !== undefined) yield* (yield* WaitListener)(world.wait)
      const state = yield* StateStorage
      yield* state.modify("asked", (current) => (typeof current === "number" ? current + 1 : 1))
      world.remembered = yield* state.read("asked")
      const id = typeof what === "object" && what !== null && "id" in what ? String(what.id) : ""
      const keys = [`${name}:${operation}:${id}`, `${name}:${operation}`, operation]
      const reason = keys.map((key) => world.failures.get(key)).find((failure) => failure !== undefined)
      return reason === undefined ? answer() : yield* reason
    })
  const own = () => world.recordings.filter(({ source }) => source === name)
  const byId = ({ id }: RecordingReference) => own().find((recording) => recording.id === id)
  const found = (recording: Recording | undefined): Effect.Effect<Recording, Reason> =>
    recording === undefined ? Effect.fail(new NotFound({ what: "the recording" })) : Effect.succeed(recording)
  return defineSource({
    name,
    provider: "memory",
    capability: { ...everything, ...world.capability },
    secretRawKeys: ["storage_url"],
    list: (query: NativeQuery) => {
      const sign = query.order === "oldest-first" ? 1 : -1
      const at = (recording: Recording) => recording.call?.startedAt.getTime() ?? 0
      const rows = own().toSorted((left, right) => sign * (at(left) - at(right)))
      const end = world.failures.get(`${name}:list-end`)
      return Stream.unwrap(
        Effect.map(
          asking("list", query, () => rows),
          (all) => Stream.concat(Stream.fromIterable(all), end === undefined ? Stream.empty : Stream.fail(end))
        )
      )
    },
    // What was added to the world since: its state is how many recordings of the source were seen.
    changes: (after) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const seen = typeof after?.state === "number" ? after.state : undefined
          const begin = seen === undefined ? yield* firstInstant(since) : new Date(0)
          const rows = yield* asking("changes", after?.state, own)
          const isLater = ({ call }: Recording) => call !== undefined && call.startedAt >= begin
          const pages: Array<ChangePage> = []
          for (let at = seen ?? 0; at < rows.length || pages.length === 0; at += pageSize) {
            const end = Math.min(rows.length, at + pageSize)
            const checkpoint = { provider: "memory", version: 1, state: end }
            pages.push({ recordings: rows.slice(at, end).filter(isLater), checkpoint })
          }
          return Stream.fromIterable(pages)
        })
      ),
    get: (reference) =>
      Effect.flatMap(
        asking("get", reference, () => byId(reference)),
        found
      ),
    find: (call) => asking("find", call, () => ({ recordings: own() })),
    audio: (reference) =>
      Effect.flatMap(
        asking("audio", reference, () => byId(reference)),
        (recording) => {
          const ownAudio = world.audioOf.get(reference.id)
          const bytes = ownAudio === undefined ? world.audioBytes : undefined
          return Effect.as(found(recording), {
            mediaType: world.mediaType,
            ...(bytes === undefined ? {} : { bytes }),
            stream: ownAudio ?? world.audio
          })
        }
      ),
    check: asking("check", undefined, () => world.check),
    link: (reference) =>
      asking("link", reference, () => ({
        url: "https://storage.example/x?key=1",
        authentication: "none" as const,
        permanent: false,
        expiresAt: new Date("2026-04-01T00:00:00Z")
      })),
    stats: (window) => asking("stats", window, () => ({ recordings: 3, bytes: 1234567 })),
    remove: (reference) => asking("remove", reference, () => undefined),
    requestArchive: (request) => asking("requestArchive", request, () => ({ accepted: true as const, raw: {} }))
  })
}

/** A recording of the world. */
export const recordingAt = (
  source: string,
  id: string,
  startedAt: string,
  more: Partial<Recording> = {}
): Recording => ({
  source,
  provider: "memory",
  account: "1001",
  id,
  call: {
    id: `call-${id}`,
    direction: "inbound",
    outcome: "answered",
    startedAt: new Date(startedAt),
    durationSeconds: 65,
    from: { number: "+74951234567", e164: "+74951234567", name: "Анна Петрова" },
    to: { number: "101", extension: { id: "7", number: "101", name: "王小明" } }
  },
  kind: "automatic",
  availability: { state: "available" },
  raw: { record_uuid: id, storage_url: "https://storage.example/secret" },
  ...more
})
