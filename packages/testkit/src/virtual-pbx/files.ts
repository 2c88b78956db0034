/** One record: its file by token and by HTTP Basic, its link to the storage, its path, its removal. */
import { type Answer, emptyAnswer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { audioOfRecording } from "./audio.ts"
import { formatSeconds, parseWindow } from "./datetime.ts"
import { badRequest, notFound, recordNotFound } from "./errors.ts"
import type { RecordEntry } from "./RecordIndex.ts"
import type { Records, Scope } from "./records.ts"
import { fileName, ftpPath } from "./rows.ts"
import type { Settings } from "./settings.ts"

/**
 * The first and last byte that a Range header asks for; the first may lie beyond the file. Undefined where the header is
 * to be ignored: not one range of bytes, or one that ends before it begins.
 */
export const parseRange = (header: string | undefined, length: number): readonly [number, number] | undefined => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "")
  const [first = "", last = ""] = match?.slice(1) ?? []
  if (match === null || (first === "" && last === "")) return undefined
  if (first === "") return [Math.max(0, length - Number(last)), length - 1]
  if (last !== "" && Number(last) < Number(first)) return undefined
  return [Number(first), last === "" ? length - 1 : Math.min(Number(last), length - 1)]
}

/** The audio of a record as an answer of status 200, made while it is sent. */
export const audioAnswer = (entry: RecordEntry, headers: Readonly<Record<string, string>>): Answer => {
  const audio = audioOfRecording(entry.recording)
  return { status: 200, headers, body: { length: audio.bytes, pieces: () => audio.stream() } }
}

// A part of the audio: only where the options say that the API understands Range.
const partAnswer = (entry: RecordEntry, [first, last]: readonly [number, number], whole: Answer): Answer => {
  const audio = audioOfRecording(entry.recording)
  return {
    status: 206,
    headers: { ...whole.headers, "content-range": `bytes ${first}-${last}/${audio.bytes}` },
    body: { length: last - first + 1, pieces: () => audio.stream(first, last + 1) }
  }
}

export interface Files {
  readonly file: (request: SimulatorRequest, entry: RecordEntry) => Answer
  readonly storageUrl: (entry: RecordEntry) => Answer
  readonly path: (entry: RecordEntry) => Answer
  readonly remove: (entry: RecordEntry) => Answer
  readonly removeWindow: (request: SimulatorRequest, scope: Scope) => Answer
}

/** The resources below `…/record/{record_uuid}`. The caller has found the record and checked who asks. */
export const makeFiles = (settings: Settings, records: Records): Files => {
  const dispositionOf = (entry: RecordEntry): string =>
    `attachment; filename="${settings.hostileFilenames ? "../../" : ""}${fileName(entry)}"`

  return {
    file: ({ headers }, entry) => {
      const state = records.stateOf(entry)
      if (state !== "available" && state !== "empty") return recordNotFound()
      const whole = audioAnswer(entry, {
        "content-type": "audio/mpeg",
        "content-disposition": dispositionOf(entry),
        ...(settings.fileRange ? { "accept-ranges": "bytes" } : {})
      })
      const length = whole.body.length ?? 0
      const range = settings.fileRange ? parseRange(headers.range, length) : undefined
      if (range !== undefined && range[0] >= length) return emptyAnswer(416, { "content-range": `bytes */${length}` })
      return range === undefined ? whole : partAnswer(entry, range, whole)
    },
    storageUrl: (entry) => {
      if (!records.isKnown(entry)) return recordNotFound()
      return records.storageOf(entry) === "missing"
        ? notFound("Storage url not found")
        : jsonAnswer(200, { record_url: records.storageUrl(entry) })
    },
    path: (entry) =>
      records.isKnown(entry)
        ? jsonAnswer(200, {
            record_datetime_gmt: formatSeconds(entry.start),
            file_size: audioOfRecording(entry.recording).bytes,
            filename: ftpPath(entry)
          })
        : recordNotFound(),
    remove: (entry) => {
      if (!records.isKnown(entry)) return recordNotFound()
      records.remove(entry.position)
      return emptyAnswer(204)
    },
    removeWindow: ({ query }, scope) => {
      const window = parseWindow(query.get("start_datetime"), query.get("end_datetime"))
      if (typeof window === "string") return badRequest(window)
      for (const position of Array.from(records.inWindow(window, scope, "asc"))) records.remove(position)
      return emptyAnswer(204)
    }
  }
}
