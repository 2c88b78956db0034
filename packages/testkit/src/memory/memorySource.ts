/** A source without a vendor: recordings and their audio held in memory, for tests and for trying things out. */
import {
  type Audio,
  type AudioOptions,
  type CallReference,
  type Capability,
  type ChangePage,
  type Checkpoint,
  defineSource,
  Gone,
  InvalidQuery,
  keyOf,
  NotFound,
  type Reason,
  type Recording,
  type RecordingSource,
  type TimeWindow,
  startOf,
  Truncated
} from "@callreel/recording"
import { Effect, Stream } from "effect"

const provider = "memory"
const pageSize = 50
const chunkSize = 1_024

/** One recording with its audio, and when it appeared. */
export interface MemoryEntry {
  readonly recording: Recording
  /** The whole file; undefined where it is not to be had. */
  readonly audio: Uint8Array | undefined
  /** Where the file breaks off, in bytes, whenever it is read. */
  readonly cutAt?: number
}

/** What the source works on. Entries may be pushed and removed while it is in use. */
export interface MemoryWorld {
  readonly account: string
  readonly entries: Array<MemoryEntry>
}

/** What the source in memory can do. */
export const memoryCapability: Capability = {
  changes: true,
  link: false,
  stats: true,
  remove: true,
  removeWindow: true,
  requestArchive: false,
  notification: true,
  listByDirection: "vendor",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "here",
  listOrder: "oldest-first",
  findByCallId: true,
  findByEvent: true,
  audioWithRange: true,
  hasBytes: true,
  hasDuration: true,
  hasChecksum: false,
  hasMediaType: true,
  hasQueue: true,
  getIsSlow: false,
  audioRequests: 0
}

/** A source named `name` over the world. An event is `{ "callId": … }`. */
export const memorySource = (name: string, world: MemoryWorld): RecordingSource => {
  const entry = (id: string): Effect.Effect<MemoryEntry, NotFound> => {
    const found = world.entries.find(({ recording }) => recording.id === id)
    return found === undefined ? Effect.fail(new NotFound({ what: "the recording" })) : Effect.succeed(found)
  }
  const inside = ({ from, to }: TimeWindow): ReadonlyArray<Recording> =>
    world.entries
      .map(({ recording }) => recording)
      .filter((recording) => time(recording) >= from.getTime() && time(recording) < to.getTime())
      .toSorted((left, right) => time(left) - time(right))

  const forget = (lost: (recording: Recording) => boolean): void => {
    const kept = world.entries.filter(({ recording }) => !lost(recording))
    world.entries.splice(0, world.entries.length, ...kept)
  }

  return defineSource({
    name,
    provider,
    capability: memoryCapability,
    list: ({ direction, ...window }) => {
      const matching = inside(window).filter(({ call }) => direction === undefined || call?.direction === direction)
      return Stream.fromIterable(matching).pipe(Stream.rechunk(pageSize))
    },
    changes: (after) => changesOf(world, after),
    get: ({ id }) => Effect.map(entry(id), ({ recording }) => recording),
    find: (call) =>
      Effect.map(callIdOf(call), (callId) => ({
        recordings: world.entries.map(({ recording }) => recording).filter((recording) => recording.call?.id === callId)
      })),
    audio: ({ id }, options) => Effect.flatMap(entry(id), (found) => audioOf(found, options)),
    check: Effect.sync(() => ({ account: world.account, permissions: [], limits: [] })),
    stats: (window) =>
      Effect.sync(() => {
        const recordings = inside(window)
        return {
          recordings: recordings.length,
          bytes: recordings.reduce((sum, { audio }) => sum + (audio?.bytes ?? 0), 0)
        }
      }),
    remove: ({ id }) => Effect.map(entry(id), () => forget((recording) => recording.id === id)),
    removeWindow: (window) =>
      Effect.sync(() => {
        const lost = new Set(inside(window).map(keyOf))
        forget((recording) => lost.has(keyOf(recording)))
      }),
    notification: (request) =>
      Effect.promise(() => request.json()).pipe(
        Effect.map((event: unknown) => ({ response: new Response(null, { status: 204 }), calls: [{ event }] }))
      )
  })
}

const time = (recording: Recording): number => startOf(recording)?.getTime() ?? 0

/** Entries are only ever appended, so their number is a checkpoint; removing any begins anew. */
const changesOf = (world: MemoryWorld, after: Checkpoint | undefined): Stream.Stream<ChangePage, Reason> => {
  const seen = typeof after?.state === "number" && after.state <= world.entries.length ? after.state : 0
  const page = (position: number): ChangePage => ({
    recordings: world.entries.slice(position, position + pageSize).map(({ recording }) => recording),
    checkpoint: { provider, version: 1, state: Math.min(position + pageSize, world.entries.length) }
  })
  const positions = Array.from(
    { length: Math.max(1, Math.ceil((world.entries.length - seen) / pageSize)) },
    (_, index) => seen + index * pageSize
  )
  return Stream.fromIterable(positions).pipe(Stream.map(page))
}

const callIdOf = (call: CallReference): Effect.Effect<string, InvalidQuery> => {
  if ("id" in call) return Effect.succeed(call.id)
  const { event } = call
  return typeof event === "object" && event !== null && "callId" in event && typeof event.callId === "string"
    ? Effect.succeed(event.callId)
    : Effect.fail(new InvalidQuery({ field: "event", detail: "has no callId" }))
}

const audioOf = (
  { audio, cutAt, recording }: MemoryEntry,
  { range }: AudioOptions
): Effect.Effect<Audio<Reason>, Reason> => {
  if (audio === undefined) return Effect.fail(new Gone({ why: "absent", detail: "the recording has no audio" }))
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? audio.length - 1, audio.length - 1)
  if (start > end) {
    return Effect.fail(new InvalidQuery({ field: "range.start", detail: `the audio has ${audio.length} bytes` }))
  }
  const wanted = audio.subarray(start, end + 1)
  const delivered = audio.subarray(start, Math.min(end + 1, cutAt ?? audio.length))
  const bytes = Stream.fromIterable(chunksOf(delivered))
  const cut = new Truncated({ expected: wanted.length, received: delivered.length })
  return Effect.succeed({
    mediaType: recording.audio?.mediaType ?? "application/octet-stream",
    bytes: wanted.length,
    ...(range && { range: { start, end, total: audio.length } }),
    stream: delivered.length < wanted.length ? Stream.concat(bytes, Stream.fail(cut)) : bytes
  })
}

const chunksOf = (bytes: Uint8Array): ReadonlyArray<Uint8Array> =>
  Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, index) =>
    bytes.subarray(index * chunkSize, (index + 1) * chunkSize)
  )
