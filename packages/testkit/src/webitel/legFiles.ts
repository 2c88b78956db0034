/** The files that lie on a leg: the recording of the call, and now and then what else was recorded or sent. */
import type { AudioKind } from "../audio/kinds.ts"
import type { SimulatedRecording } from "../calls/SimulatedCall.ts"
import type { Random } from "../simulator/Random.ts"
import type { Leg, LegFile } from "./Leg.ts"
import type { FileKind } from "./WebitelOptions.ts"

/** A file before it has a place in its tree. */
export type FileDraft = Omit<LegFile, "ordinal">

/** A leg before its files have places. */
export interface LegDraft extends Omit<Leg, "files"> {
  readonly files: ReadonlyArray<FileDraft>
}

const second = 1000
const day = 86_400_000

const mimeTypes: Readonly<Record<FileKind, string>> = {
  audio: "audio/mpeg",
  screen: "video/mp4",
  image: "image/png",
  pdf: "application/pdf",
  video: "video/mp4"
}

/** The usual media type of a kind. */
export const mimeTypeOf = (kind: FileKind): string => mimeTypes[kind]

export const channelOf = (kind: FileKind): LegFile["channel"] => (kind === "screen" ? "screenrecording" : "call")

/** In what the audio of a file is composed. */
export const audioKindOf = (mimeType: string, channels: 1 | 2): AudioKind => {
  if (mimeType === "audio/wav") return channels === 1 ? "wav-mono-8k" : "wav-stereo-8k"
  return channels === 1 ? "mp3-mono-8k" : "mp3-stereo-id3"
}

/** When the retention of a file that was queued at this time ends. */
export const retentionOf = (queuedAt: number, days: number | undefined): number | undefined =>
  days === undefined ? undefined : queuedAt + days * day

type Times = Pick<Leg, "answeredAt" | "createdAt" | "hangupAt">

/** The recording of a world's leg. Voicemail is a WAV file; what has no bytes in the world has lost them here. */
export const recordingFile = (
  recording: SimulatedRecording,
  { answeredAt, createdAt, hangupAt }: Times,
  voicemail: boolean,
  retentionDays: number | undefined
): ReadonlyArray<FileDraft> => {
  if (recording.state === "too-short") return []
  const mimeType = voicemail ? "audio/wav" : mimeTypes.audio
  const queuedAt = hangupAt + 400
  const readyAt = Math.max(queuedAt, recording.visibleFrom.getTime())
  const start = (answeredAt ?? createdAt) + 37
  return [
    {
      kind: "audio",
      mimeType,
      channel: "call",
      seed: recording.id,
      audioKind: audioKindOf(mimeType, recording.channels),
      // A file of 0 s would be of 0 bytes: what cannot be read still has a size.
      durationSeconds: Math.max(recording.durationSeconds, 1),
      recordedAt: recording.id.startsWith("0") ? undefined : { start, stop: Math.max(start, hangupAt - 12) },
      queuedAt,
      readyAt,
      removedAt: undefined,
      retentionUntil: recording.state === "expired" ? readyAt + day : retentionOf(queuedAt, retentionDays),
      trouble: recording.state === "empty" ? "unreadable" : undefined
    }
  ]
}

/** What else an agent's leg may hold: the screen, a picture or a document that was shown. Most hold nothing. */
export const otherFiles = (random: Random, { answeredAt, hangupAt }: Times): ReadonlyArray<FileDraft> => {
  if (answeredAt === undefined || !random.chance(0.1)) return []
  const kind = random.pick(["screen", "screen", "image", "pdf", "video"])
  const still = kind === "image" || kind === "pdf"
  const start = answeredAt + 200
  const queuedAt = still ? start : hangupAt + 900
  return [
    {
      kind,
      mimeType: mimeTypes[kind],
      channel: channelOf(kind),
      seed: random.hex(32),
      audioKind: "mp3-mono-8k",
      durationSeconds: still ? 2 : (hangupAt - answeredAt) / second,
      recordedAt: { start, stop: still ? start : hangupAt },
      queuedAt,
      readyAt: queuedAt + random.integer(1, 5) * second,
      removedAt: undefined,
      retentionUntil: undefined,
      trouble: undefined
    }
  ]
}
