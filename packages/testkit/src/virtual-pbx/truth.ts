/** What is true of every recording, for tests to compare a client's results with. */
import { audioOfRecording } from "./audio.ts"
import { toSeconds, type RecordEntry } from "./RecordIndex.ts"
import type { Records } from "./records.ts"
import { flowOf, fullNumber, recordUuid, resultOf } from "./rows.ts"
import type { Settings } from "./settings.ts"
import type { RecordingTruth } from "./VirtualPbxOptions.ts"

/** What goes by the clock, read anew each time: holding the whole call for it would make large worlds heavy. */
const changing = (records: Records, position: number): Pick<RecordingTruth, "sha512" | "state" | "storage" | "row"> => {
  const entry = (): RecordEntry => records.index.entry(position)
  let hash: string | undefined
  return {
    sha512: () => {
      hash ??= audioOfRecording(entry().recording).sha512()
      return hash
    },
    get state() {
      return records.stateOf(entry())
    },
    get storage() {
      return records.storageOf(entry())
    },
    get row() {
      return records.isListed(position) ? records.row(entry()) : undefined
    }
  }
}

const fixed = (
  settings: Settings,
  entry: RecordEntry
): Omit<RecordingTruth, "sha512" | "state" | "storage" | "row"> => {
  const { call, leg, recording } = entry
  const { extension } = leg
  const { bytes, channels } = audioOfRecording(recording)
  const hangup = toSeconds(leg.endedAt)
  return {
    recordUuid: recordUuid(entry),
    callUuid: call.id.toUpperCase(),
    initTime: new Date(entry.init),
    startTime: new Date(entry.start),
    hangupTime: new Date(hangup),
    durationSeconds: (hangup - entry.start) / 1000,
    bytes,
    channels,
    mediaType: "audio/mpeg",
    direction: call.direction,
    flow: flowOf(leg),
    result: resultOf(leg.outcome),
    fromNumber: fullNumber(settings, leg.from),
    fromName: leg.from.name ?? fullNumber(settings, leg.from),
    toNumber: fullNumber(settings, leg.to),
    extension: {
      id: Number(extension.id),
      number: extension.number,
      name: `${settings.prefix}*${extension.number}@${settings.domain}`,
      type: extension.type
    },
    extensionGroupId: extension.groupId === undefined ? undefined : Number(extension.groupId),
    scenario: call.scenario,
    readyAt: recording.readyAt,
    visibleFrom: recording.visibleFrom,
    changesAt: recording.changesAt
  }
}

/** The truth of one recording; `state`, `storage` and `row` go by the clock when they are read. */
export const truthOf = (settings: Settings, records: Records, position: number): RecordingTruth =>
  // Not by spreading, which would read the getters once and for all.
  Object.assign(changing(records, position), fixed(settings, records.index.entry(position)))
