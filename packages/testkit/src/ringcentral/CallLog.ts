/** What the log holds at the clock's time: which rows it shows, and which recordings can be heard. */
import { type ComposedAudio, composeAudio } from "../audio/compose.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import { firstAtOrAfter } from "../simulator/KeyIndex.ts"
import { type HeldRecording, lastModified, type LoggedRecord, type LoggedRecording } from "./LoggedCall.ts"
import type { LogIndex, Position } from "./LogIndex.ts"
import type { RecordingState } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

const day = 86_400_000

export interface CallLog {
  readonly index: LogIndex
  readonly now: () => number
  /** Whether a list shows the row at an instant. Deleted rows are shown too: the caller leaves them out. */
  readonly isListed: (position: Position, at: number) => boolean
  /** Positions with a start in [from, to], newest first, whatever is listed. */
  readonly newestFirst: (from: number, to: number) => Generator<Position, void>
  /** Rows of calls that are going on, newest first. */
  readonly running: (at: number) => Generator<Position, void>
  /** When a row changed last, at an instant at which it is listed. */
  readonly modifiedAt: (position: Position, at: number) => number
  readonly stateOf: (held: HeldRecording) => RecordingState
  /** Deletes the audio for good; the rows stay. */
  readonly deleteRecording: (id: string) => void
}

/** The audio, made as it is read; different for every recording. */
export const audioOfRecording = ({ audio }: LoggedRecording): ComposedAudio => composeAudio(audio)

/** The log over an index; `deletedIds`: recordings that are deleted from the beginning. */
export const makeCallLog = (
  settings: Pick<Settings, "historyDays" | "retentionDays">,
  clock: SimulatorClock,
  index: LogIndex,
  deletedIds: ReadonlySet<string>
): CallLog => {
  const { historyDays = Infinity, retentionDays = Infinity } = settings
  const deleted = new Set(deletedIds)
  const now = (): number => clock.now().getTime()

  const isListed = (position: Position, at: number): boolean => {
    const start = index.start[position] ?? 0
    if (start < at - historyDays * day) return false
    if (at >= (index.visibleFrom[position] ?? Infinity)) return true
    return index.inLogWhileRunning[position] === 1 && at >= start && at < (index.end[position] ?? 0)
  }

  const isRunning = (record: LoggedRecord, at: number): boolean => at < record.endedAt

  return {
    index,
    now,
    isListed,
    *newestFirst(from, to) {
      const first = firstAtOrAfter(index.start, from)
      for (let position = firstAtOrAfter(index.start, to + 1) - 1; position >= first; position -= 1) yield position
    },
    *running(at) {
      const first = firstAtOrAfter(index.start, at - index.longest)
      for (let position = firstAtOrAfter(index.start, at + 1) - 1; position >= first; position -= 1) {
        if (at < (index.end[position] ?? 0)) yield position
      }
    },
    modifiedAt: (position, at) => {
      const last = index.lastChange[position] ?? 0
      return last <= at ? last : lastModified(index.record(position), at)
    },
    stateOf: ({ recording, records }) => {
      const at = now()
      if (deleted.has(recording.id)) return "deleted"
      if (records.some((record) => isRunning(record, at))) return "running"
      if (recording.fate === "too-short") return "too-short"
      if (at < recording.readyAt) return "not-ready"
      const [{ endedAt }] = records
      return recording.fate === "expired" || endedAt < at - retentionDays * day ? "expired" : "available"
    },
    deleteRecording: (id) => {
      deleted.add(id)
    }
  }
}
