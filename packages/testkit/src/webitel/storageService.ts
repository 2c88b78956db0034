/** What the storage does behind the gateway: deleting files, transcripts, and listings of no use. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { toldMimeType, viewName } from "./callFile.ts"
import type { Context } from "./context.ts"
import {
  type ApiError,
  fileNotFound,
  gatewayNotFound,
  invalidArgument,
  permissionDenied,
  transcriptNotFound
} from "./errors.ts"
import type { FileEntry } from "./FileIndex.ts"
import { contentOf } from "./files.ts"
import { isObject, parseJson } from "./Json.ts"
import type { Address } from "./routes.ts"
import type { Session } from "./sessions.ts"
import { flag, int64, list, text } from "./wire.ts"

const idOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "")

const idsIn = (value: unknown): ReadonlyArray<string> => {
  const values: ReadonlyArray<unknown> = Array.isArray(value) ? value : []
  return values.map(idOf)
}

const ownFile = ({ fileIndex, settings }: Context, session: Session, id: string): FileEntry | undefined =>
  session.domain === settings.domain ? fileIndex.find(id) : undefined

// What is marked as removed is gone from the rows at once, and can be fetched until the remover has come.
const deleteFiles = (context: Context, session: Session, body: string): Answer | ApiError => {
  const { record_file: access } = session.access
  if (!access.includes("r") || !access.includes("d")) return permissionDenied()
  const request = parseJson(body)
  if (!isObject(request) || !Array.isArray(request["id"])) return invalidArgument()
  for (const id of idsIn(request["id"])) {
    const entry = ownFile(context, session, id)
    if (entry !== undefined && context.files.isShown(entry)) context.files.remove(entry)
  }
  return jsonAnswer(200, {})
}

const defaultPhrases = 40
const mostPhrases = 10_000

const phrases = (context: Context, session: Session, id: string, query: URLSearchParams): Answer | ApiError => {
  const transcript = session.domain === context.settings.domain ? context.transcripts.find(id) : undefined
  if (transcript === undefined || !context.files.isThere(transcript.file)) return transcriptNotFound()
  const wanted = Number(query.get("size") ?? 0)
  const size = wanted < 1 ? defaultPhrases : Math.min(wanted, mostPhrases)
  const start = (Math.max(1, Number(query.get("page") ?? 1)) - 1) * size
  const all = transcript.phrases
  const items = all.slice(start, start + size).map((phrase) => ({ ...phrase }))
  return jsonAnswer(200, context.write(`phrases ${id}`, { next: flag(all.length > start + size), items: list(items) }))
}

const putTranscript = (context: Context, session: Session, body: string): Answer | ApiError => {
  const { record_file: access } = session.access
  if (!access.includes("r") || !access.includes("w")) return permissionDenied()
  const request = parseJson(body)
  if (!isObject(request)) return invalidArgument()
  const locale = request["locale"]
  const entry = ownFile(context, session, idOf(request["file_id"]))
  if (typeof request["uuid"] !== "string" || request["uuid"] === "" || idOf(request["file_id"]) === "") {
    return invalidArgument("file_id and uuid are required")
  }
  if (entry === undefined || !context.files.isThere(entry)) return fileNotFound()
  const id = context.transcripts.put(entry, typeof locale === "string" ? locale : "", request["phrases"])
  return jsonAnswer(200, context.write(`transcript ${id}`, { id: int64(id) }))
}

// Of all the files of a call, the pictures only.
const callFiles = (context: Context, session: Session, callId: string): Answer | ApiError => {
  const { abilities, domain } = context.settings
  if (!abilities.fileType) return gatewayNotFound()
  const found = session.domain === domain ? context.index.find(callId) : undefined
  const entries = found === undefined ? [] : context.fileIndex.ofTree(found.treeIndex)
  const pictures = entries.filter(
    (entry) => entry.leg.id === found?.leg.id && entry.file.kind === "image" && context.files.isShown(entry)
  )
  const items = pictures.map((entry) =>
    context.write(`file ${entry.id}`, {
      id: int64(entry.id),
      name: text(`${entry.leg.id}_${viewName(entry)}`),
      view_name: text(viewName(entry)),
      size: int64(contentOf(entry.file).bytes),
      mime_type: text(toldMimeType(entry.file.mimeType, abilities)),
      uuid: text(entry.leg.id),
      channel: text("CallChannel"),
      uploaded_at: int64(entry.file.queuedAt)
    })
  )
  return jsonAnswer(200, context.write(`files of ${callId}`, { next: flag(false), items: list(items) }))
}

/** Answers what the gateway passes on to the storage. */
export const storageService = (
  context: Context,
  session: Session,
  address: Address,
  { body, query }: SimulatorRequest
): Answer | ApiError => {
  switch (address.name) {
    case "delete-file":
      return deleteFiles(context, session, body)
    case "phrases":
      return phrases(context, session, address.id, query)
    case "put-transcript":
      return putTranscript(context, session, body)
    case "call-files":
      return callFiles(context, session, address.id)
    default:
      // The search of files refuses everybody.
      return permissionDenied()
  }
}
