/** `GET …/recording/{id}`, its content, and `DELETE …/call-recordings`. */
import { type Answer, emptyAnswer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { Addresses, Origins } from "./addresses.ts"
import { audioOfRecording, type CallLog } from "./CallLog.ts"
import { audioAnswer } from "./content.ts"
import { invalidParameter, notFound, unsupportedMediaType } from "./errors.ts"
import type { LoggedRecording } from "./LoggedCall.ts"
import type { Settings } from "./settings.ts"

export interface Recordings {
  readonly metadata: (id: string) => Answer
  readonly content: (request: SimulatorRequest, id: string) => Answer
  readonly remove: (request: SimulatorRequest) => Answer
  /** A call recording (no voicemail) whose audio can be had now. */
  readonly available: (id: string) => LoggedRecording | undefined
}

const mostIds = 100

const idsIn = (body: string): ReadonlyArray<string> | undefined => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  const records: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "records") : undefined
  if (!Array.isArray(records)) return undefined
  const ids = records.filter((id): id is string => typeof id === "string")
  return ids.length === records.length && ids.length > 0 && ids.length <= mostIds ? ids : undefined
}

/** The recordings of the log. */
export const makeRecordings = (
  settings: Settings,
  log: CallLog,
  addresses: Addresses,
  origins: () => Origins
): Recordings => {
  const available = (id: string): LoggedRecording | undefined => {
    const held = log.index.recordingById(id)
    if (held === undefined || held.recording.kind === "voicemail") return undefined
    return log.stateOf(held) === "available" ? held.recording : undefined
  }

  const redirect = (request: SimulatorRequest, id: string): Answer => {
    const [origin, query] =
      settings.mediaRedirect === "third-origin"
        ? [origins().third, new URLSearchParams({ signature: signatureOf(id) })]
        : [origins().media, request.query]
    const text = query.toString()
    return emptyAnswer(302, { location: `${origin}/content/${id}${text === "" ? "" : `?${text}`}` })
  }

  return {
    available,
    metadata: (id) => {
      const recording = available(id)
      if (recording === undefined) return notFound("recordingId")
      return jsonAnswer(200, {
        id,
        contentUri: addresses.contentUri(id),
        contentType: recording.contentType,
        duration: Math.round(audioOfRecording(recording).durationSeconds)
      })
    },
    content: (request, id) => {
      const recording = available(id)
      if (recording === undefined) return notFound("callRecordingId")
      if (settings.mediaRedirect !== "none" && !request.path.startsWith("/content/")) return redirect(request, id)
      return audioAnswer(settings, request, audioOfRecording(recording), recording.contentType)
    },
    remove: ({ body, headers }) => {
      if (!(headers["content-type"] ?? "").startsWith("application/json")) return unsupportedMediaType()
      const ids = idsIn(body)
      if (ids === undefined) return invalidParameter("records")
      const held = ids.map((id) => log.index.recordingById(id))
      if (held.some((each) => each === undefined || each.recording.kind === "voicemail")) return notFound("records")
      for (const id of ids) log.deleteRecording(id)
      return emptyAnswer(204)
    }
  }
}

/** What a signed address carries in place of credentials. */
export const signatureOf = (id: string): string => Buffer.from(`signed ${id}`, "utf8").toString("base64url")
