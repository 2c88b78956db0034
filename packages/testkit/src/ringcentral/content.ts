/** Audio as an answer: whole, a part that was asked for, or a part that was not. */
import type { ComposedAudio } from "../audio/compose.ts"
import type { Answer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { parseRange } from "./byteRange.ts"
import { invalidParameter, rangeNotSatisfiable } from "./errors.ts"
import type { Settings } from "./settings.ts"

type ContentSettings = Pick<Settings, "mediaRange" | "unrequestedBytes">

/** Content-Disposition as the query asks for it; none where it does not. Undefined where it asks for something else. */
const dispositionOf = (query: URLSearchParams): Readonly<Record<string, string>> | undefined => {
  const kind = query.get("contentDisposition")
  if (kind === null) return {}
  if (kind !== "Inline" && kind !== "Attachment") return undefined
  const name = query.get("contentDispositionFilename")
  const file = name === null ? "" : `; filename*=UTF-8''${encodeURIComponent(name)}`
  return { "content-disposition": `${kind.toLowerCase()}${file}` }
}

const partAnswer = (audio: ComposedAudio, headers: Answer["headers"], [first, last]: readonly [number, number]) => ({
  status: 206,
  headers: { ...headers, "content-range": `bytes ${first}-${last}/${audio.bytes}` },
  body: { length: last - first + 1, pieces: () => audio.stream(first, last + 1) }
})

/** The answer to a request for this audio. */
export const audioAnswer = (
  settings: ContentSettings,
  { headers, query }: Pick<SimulatorRequest, "headers" | "query">,
  audio: ComposedAudio,
  contentType: string
): Answer => {
  const disposition = dispositionOf(query)
  if (disposition === undefined) {
    return invalidParameter("contentDisposition", query.get("contentDisposition") ?? "")
  }
  const own = { "content-type": contentType, ...disposition }
  const range = settings.mediaRange ? parseRange(headers.range, audio.bytes) : undefined
  if (range !== undefined) {
    return range[0] >= audio.bytes ? rangeNotSatisfiable(audio.bytes) : partAnswer(audio, own, range)
  }
  if (settings.unrequestedBytes > 0 && headers.range === undefined && audio.bytes > 0) {
    return partAnswer(audio, own, [0, Math.min(settings.unrequestedBytes, audio.bytes) - 1])
  }
  return { status: 200, headers: own, body: { length: audio.bytes, pieces: () => audio.stream() } }
}
