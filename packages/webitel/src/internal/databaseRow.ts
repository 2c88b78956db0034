/** Rows of the database → rows of the call history, as they are told over HTTP (docs/vendors/webitel.md#database). Pure. */
import * as t from "io-ts"
import { variableTexts } from "./databaseVariables.ts"
import { type CallFile, HistoryCall } from "./wire.ts"

/** A row of `storage.files` or `storage.upload_file_jobs`. Times in milliseconds since 1970, as text. */
const DatabaseFile = t.intersection(
  [
    t.type({ id: t.string, name: t.string, size: t.string }),
    t.partial({
      mime_type: t.string,
      channel: t.string,
      created_at: t.string,
      /** Whether it lies on the row's own leg, and not on its parent. */
      own: t.boolean,
      start_time: t.string,
      end_time: t.string
    })
  ],
  "DatabaseFile"
)
export type DatabaseFile = t.TypeOf<typeof DatabaseFile>

/** The files that a row shows, and what else tells of them. */
const Recorded = t.partial(
  {
    /** The type of the call's queue. */
    queue_type: t.number,
    /** When the leg's own recording began and ended, where that is known. */
    record_start: t.string,
    record_stop: t.string,
    files: t.array(DatabaseFile),
    /** What waits for its upload to the storage, of the leg and of its parent. */
    uploads: t.array(DatabaseFile),
    parent_uploads: t.array(DatabaseFile)
  },
  "Recorded"
)
export type Recorded = t.TypeOf<typeof Recorded>

/** What `pageOfRows` answers with. */
export const DatabaseRows = t.array(
  t.type({ call: HistoryCall, recorded: Recorded, payload: t.unknown }),
  "DatabaseRows"
)
export type DatabaseRow = t.TypeOf<typeof DatabaseRows>[number]

/** The row as the history tells it; what is not set is left out. */
export const historyCall = (row: DatabaseRow): HistoryCall => {
  const { files = [], parent_uploads: parentUploads = [], uploads = [] } = row.recorded
  const variables = variableTexts(row.payload)
  const told = [
    ...files.map((file) => historyFile(file, row)),
    ...uploads.map((file) => uploading({ ...file, own: true }, row)),
    ...parentUploads.map((file) => uploading({ ...file, own: false }, row))
  ]
  return { ...row.call, ...(variables && { variables }), ...(told.length > 0 && { files: told }) }
}

/** It cannot be fetched yet. Its id is that of its upload job, which it keeps when it is moved among the files. */
const uploading = (file: DatabaseFile, row: DatabaseRow): CallFile => ({ ...historyFile(file, row), uploading: true })

/** A file on the row of its leg or of a child of its leg. */
const historyFile = (file: DatabaseFile, row: DatabaseRow): CallFile => {
  const { channel, id, mime_type, name, own, size } = file
  const type = typeOf(file)
  const { start, stop } = timesOf(file, row)
  return {
    id,
    name,
    size,
    ...(mime_type && { mime_type: mime_type === "audio/mpeg" ? "audio/mp3" : mime_type }),
    ...(channel && { channel }),
    ...(type && { type }),
    ...(start != null && { start_at: start }),
    ...(stop != null && { stop_at: stop }),
    ...(own === true && { start_record: startedBy(row) })
  }
}

const typeOf = ({ channel, mime_type }: DatabaseFile): string | undefined => {
  const mime = mime_type?.toLowerCase() ?? ""
  if (mime.startsWith("audio/")) return "file_type_audio"
  if (mime.startsWith("video/")) return channel === "screenrecording" ? "file_type_screensharing" : "file_type_video"
  if (mime.startsWith("image/")) return "file_type_screenshot"
  return mime === "application/pdf" ? "file_type_pdf" : undefined
}

/**
 * A recording of sound has its times at its own leg, if anywhere; the leg's answer and end stand in for them. Anything else
 * knows them itself, or was made when its row was.
 */
const timesOf = (
  { channel, created_at, end_time, mime_type, own, start_time }: DatabaseFile,
  { call, recorded }: DatabaseRow
): { readonly start: CallFile["start_at"]; readonly stop: CallFile["stop_at"] } => {
  const isSound = (!channel || channel === "call") && mime_type?.toLowerCase().startsWith("image/") !== true
  if (!isSound) return { start: start_time ?? created_at, stop: end_time ?? call.hangup_at }
  const { record_start, record_stop }: Recorded = own === true ? recorded : {}
  return {
    start: start_time ?? record_start ?? call.answered_at,
    stop: end_time ?? record_stop ?? call.hangup_at
  }
}

/** A queue of this type (IVR) calls out by itself: its calls are recorded as if an operator had placed them. */
const ivrQueue = 2

const startedBy = ({ call, recorded }: DatabaseRow): "operator" | "client" =>
  call.direction === "outbound" && call.user != null && (call.queue == null || recorded.queue_type === ivrQueue)
    ? "operator"
    : "client"
