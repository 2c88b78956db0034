/** A file as a history row tells it. */
import type { FileEntry } from "./FileIndex.ts"
import { contentOf } from "./files.ts"
import type { JsonObject } from "./Json.ts"
import type { Leg, LegFile } from "./Leg.ts"
import type { Session } from "./sessions.ts"
import type { Abilities } from "./versions.ts"
import type { FileKind } from "./WebitelOptions.ts"
import { int64, text, type Write } from "./wire.ts"

const extensions: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "image/png": "png",
  "application/pdf": "pdf",
  "video/mp4": "mp4"
}

/** The name people see: the second the recording began, who called, what was dialled. */
export const viewName = ({ file, leg }: Pick<FileEntry, "file" | "leg">): string => {
  const start = file.recordedAt?.start ?? leg.answeredAt ?? leg.createdAt
  const extension = extensions[file.mimeType] ?? "mp3"
  return `${Math.floor(start / 1000)}_${leg.from.number}_${leg.destination}.${extension}`
}

const types: Readonly<Record<FileKind, string>> = {
  audio: "file_type_audio",
  screen: "file_type_screensharing",
  image: "file_type_screenshot",
  pdf: "file_type_pdf",
  video: "file_type_video"
}

/** Whether a session may know of a file; of recordings it must also be allowed to play them. */
export const maySee = ({ access, actions }: Session, { channel, kind }: LegFile, abilities: Abilities): boolean => {
  const plays =
    actions.has("playback_record_file") || (abilities.timeLimited && actions.has("time_limited_record_file"))
  if (!plays) return false
  if (channel === "screenrecording") return access.screen_recordings.includes("r")
  return (kind !== "image" && kind !== "pdf") || access.videocall_files.includes("r")
}

/** The media type as the history tells it. */
export const toldMimeType = (mimeType: string, { fileType }: Abilities): string =>
  fileType && mimeType === "audio/mpeg" ? "audio/mp3" : mimeType

// A queue that calls out (an IVR one) counts as no queue; no queue of the simulator is one.
const startedBy = ({ direction, queue, user }: Leg): "operator" | "client" =>
  direction === "outbound" && user !== undefined && queue === undefined ? "operator" : "client"

/** A file on the row of `leg`, its owner or a child of its owner, whose answer then stands in for the recording's start. */
export const callFile = (write: Write, abilities: Abilities, entry: FileEntry, leg: Leg): JsonObject => {
  const { file, id } = entry
  const own = entry.leg.id === leg.id
  // Only its own leg knows when a recording of sound was started; of the rest the file itself does.
  const recordedAt = own || file.kind !== "audio" ? file.recordedAt : undefined
  return write(`${id} of ${leg.id}`, {
    id: int64(id),
    name: text(viewName(entry)),
    size: int64(contentOf(file).bytes),
    mime_type: text(toldMimeType(file.mimeType, abilities)),
    start_at: int64(recordedAt?.start ?? leg.answeredAt),
    stop_at: int64(recordedAt?.stop ?? leg.hangupAt),
    ...(abilities.startRecord ? { start_record: text(own ? startedBy(leg) : undefined) } : {}),
    ...(abilities.channel ? { channel: text(file.channel) } : {}),
    ...(abilities.fileType ? { type: text(types[file.kind]) } : {})
  })
}
