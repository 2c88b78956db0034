/** Sources in memory with recordings by plan, and sources that are watched or fail as a test wants them to. */
import {
  type Availability,
  type Direction,
  type Reason,
  type Recording,
  RecordingError,
  type RecordingReference,
  type RecordingSource
} from "@callreel/recording"
import { composeAudio, memorySource, type MemoryEntry, type MemoryWorld } from "@callreel/testkit"
import { Effect } from "effect"

/** One recording; what is left out is ordinary. */
export interface RecordingPlan {
  readonly id: string
  /** The call's start, in minutes after noon of 1 March 2026. Default 0. */
  readonly minute?: number
  readonly source?: string
  readonly direction?: Direction
  readonly availability?: Availability
  /** The audio. Default: some kilobytes of its own; `null`: none. */
  readonly audio?: Uint8Array | null
  /** What the vendor reports of it. Default: the truth. */
  readonly reportedBytes?: number
  readonly reportedSeconds?: number
}

/** When the first calls of planned recordings began. */
export const noon = new Date("2026-03-01T12:00:00Z")

/** So many minutes later. */
export const minutesAfter = (minutes: number, from: Date = noon): Date => new Date(from.getTime() + minutes * 60_000)

/** A day with all planned recordings in it that begin before midnight. */
export const wholeDay = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-02T00:00:00Z") }

/** Valid MP3 of a second and a little, different for each seed. */
export const shortAudio = (seed: string): Uint8Array => {
  const audio = composeAudio({ kind: "mp3-mono-8k", seed, durationSeconds: 1 + (seed.length % 5) / 10 })
  return audio.chunk(0, audio.bytes)
}

/** Valid MP3 of at least so many bytes. */
export const longAudio = (seed: string, bytes: number): Uint8Array => {
  const second = composeAudio({ kind: "mp3-mono-8k", seed, durationSeconds: 10 })
  const audio = composeAudio({ kind: "mp3-mono-8k", seed, durationSeconds: (bytes / second.bytes) * 10 + 1 })
  return audio.chunk(0, audio.bytes)
}

export const entryFor = (plan: RecordingPlan): MemoryEntry => {
  const { availability = { state: "available" }, direction = "inbound", id, minute = 0, source = "us" } = plan
  const audio = plan.audio === null ? undefined : (plan.audio ?? shortAudio(`${source}:${id}`))
  const startedAt = minutesAfter(minute)
  const recording: Recording = {
    source,
    provider: "memory",
    account: "1",
    id,
    call: {
      id: `call-${id}`,
      direction,
      outcome: "answered",
      startedAt,
      endedAt: minutesAfter(1, startedAt),
      from: { number: "+74951234567", e164: "+74951234567" },
      to: { number: "101", extension: { id: "1", number: "101" } }
    },
    kind: "automatic",
    ...(plan.reportedSeconds !== undefined && { durationSeconds: plan.reportedSeconds }),
    audio: { mediaType: "audio/mpeg", ...bytesOf(plan, audio) },
    availability,
    raw: { id }
  }
  return { recording, audio }
}

const bytesOf = ({ reportedBytes }: RecordingPlan, audio: Uint8Array | undefined) => {
  const bytes = reportedBytes ?? audio?.length
  return bytes === undefined ? {} : { bytes }
}

export const worldOf = (plans: ReadonlyArray<RecordingPlan>): MemoryWorld => ({
  account: "1",
  entries: plans.map(entryFor)
})

/** Changes what is known of one recording of the world, as a vendor does. */
export const change = (world: MemoryWorld, id: string, changed: (entry: MemoryEntry) => MemoryEntry): void => {
  const index = world.entries.findIndex(({ recording }) => recording.id === id)
  const entry = world.entries[index]
  if (entry !== undefined) world.entries[index] = changed(entry)
}

/** Removes recordings from the world, as a vendor's retention does. */
export const forget = (world: MemoryWorld, ...ids: ReadonlyArray<string>): void => {
  const kept = world.entries.filter(({ recording }) => !ids.includes(recording.id))
  world.entries.splice(0, world.entries.length, ...kept)
}

/** What a source was asked for. */
export interface Asked {
  /** Ids of fetches in the order of their beginning, each with its first byte where only a part was asked for. */
  readonly audio: Array<{ readonly id: string; readonly start?: number }>
  readonly gets: Array<string>
  readonly lists: Array<"list" | "changes">
  readonly removed: Array<string>
}

/** A source that keeps what it was asked for. */
export const watched = (
  source: RecordingSource
): { readonly source: RecordingSource; readonly asked: Asked; readonly fetchesOf: (id: string) => number } => {
  const asked: Asked = { audio: [], gets: [], lists: [], removed: [] }
  return {
    asked,
    fetchesOf: (id) => asked.audio.filter((one) => one.id === id).length,
    source: {
      ...source,
      list: (query) => {
        asked.lists.push("list")
        return source.list(query)
      },
      changes: (after) => {
        asked.lists.push("changes")
        return source.changes(after)
      },
      get: (reference) =>
        Effect.suspend(() => {
          asked.gets.push(reference.id)
          return source.get(reference)
        }),
      audio: (reference, options) =>
        Effect.suspend(() => {
          const start = options?.range?.start
          asked.audio.push({ id: reference.id, ...(start !== undefined && { start }) })
          return source.audio(reference, options)
        }),
      remove: (reference) =>
        Effect.suspend(() => {
          asked.removed.push(reference.id)
          return source.remove(reference)
        })
    }
  }
}

/** The source of a world, watched. */
export const watchedWorld = (world: MemoryWorld, name = "us") => watched(memorySource(name, world))

/** What happens to the `attempt`th (from 1) fetch of a recording: a reason it fails with, or undefined. */
export type AudioFaults = (id: string, attempt: number) => Reason | undefined

/** A source whose fetches fail by plan. */
export const withAudioFaults = (source: RecordingSource, faults: AudioFaults): RecordingSource => {
  const attempts = new Map<string, number>()
  return {
    ...source,
    audio: (reference, options) =>
      Effect.suspend(() => {
        const attempt = (attempts.get(reference.id) ?? 0) + 1
        attempts.set(reference.id, attempt)
        const reason = faults(reference.id, attempt)
        return reason === undefined ? source.audio(reference, options) : failing(source, "audio", reason)
      })
  }
}

/** A source whose `get` fails by plan. */
export const withGetFaults = (
  source: RecordingSource,
  faults: (reference: RecordingReference) => Reason | undefined
): RecordingSource => ({
  ...source,
  get: (reference) =>
    Effect.suspend(() => {
      const reason = faults(reference)
      return reason === undefined ? source.get(reference) : failing(source, "get", reason)
    })
})

export const failing = (
  { name }: Pick<RecordingSource, "name">,
  operation: RecordingError["operation"],
  reason: Reason
) => Effect.fail(new RecordingError({ source: name, operation, reason }))
