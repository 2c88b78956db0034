/** The storage's own HTTP: the bytes of files. */
import { type Answer, emptyAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { parseRange } from "./byteRange.ts"
import { viewName } from "./callFile.ts"
import type { Context } from "./context.ts"
import {
  type ApiError,
  fileMalware,
  fileNotFound,
  fileUnreadable,
  invalidUrlParameter,
  policyForbidden,
  rangeMalformed,
  rangeNotOverlapping,
  recordingForbidden,
  routeNotFound,
  sessionExpired,
  sessionUnauthorized,
  signatureInvalid
} from "./errors.ts"
import type { FileEntry } from "./FileIndex.ts"
import { contentOf } from "./files.ts"
import type { LegFile } from "./Leg.ts"
import type { Address } from "./routes.ts"
import type { Session } from "./sessions.ts"
import type { FileTrouble } from "./WebitelOptions.ts"

const day = 86_400_000

/** The token of a request: of these three, the first that is there counts. */
export const tokenOf = ({ headers, query }: SimulatorRequest): string | undefined => {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1]
  const own = headers["x-webitel-access"]
  return bearer ?? (typeof own === "string" && own !== "" ? own : (query.get("access_token") ?? undefined))
}

const authenticate = ({ sessions }: Context, request: SimulatorRequest): Session | ApiError => {
  const token = tokenOf(request)
  if (token === undefined || token === "") return sessionExpired()
  if (request.fault?.kind === "expired-token") {
    request.entry.fault = request.fault.kind
    return sessionUnauthorized()
  }
  return sessions.findCached(token) ?? sessionUnauthorized()
}

/** Whether a session may play a file of the channel of calls. */
const mayPlay = ({ clock, settings }: Context, { actions }: Session, file: LegFile): boolean => {
  if (file.channel !== "call" || actions.has("playback_record_file")) return true
  if (!settings.abilities.timeLimited || !actions.has("time_limited_record_file")) return false
  return file.queuedAt >= clock.now().getTime() - settings.periodDays * day
}

const troubles: Readonly<Record<FileTrouble, () => ApiError>> = {
  malware: fileMalware,
  "forbidden-by-policy": policyForbidden,
  unreadable: fileUnreadable
}

const fileAnswer = (context: Context, { file }: FileEntry, range: readonly [number, number] | undefined): Answer => {
  const audio = contentOf(file)
  const { speed } = context.settings
  const [first, after] = range ?? [0, audio.bytes]
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      "content-type": file.mimeType,
      "accept-ranges": "bytes",
      ...(range === undefined ? {} : { "content-range": `bytes ${first}-${after - 1}/${audio.bytes}` })
    },
    body: { length: after - first, pieces: () => audio.stream(first, after) },
    ...(speed === undefined ? {} : { bytesPerSecond: speed })
  }
}

const stream = (context: Context, entry: FileEntry, { headers }: SimulatorRequest): Answer | ApiError => {
  const range = parseRange(headers.range, contentOf(entry.file).bytes)
  if (range === "malformed") return rangeMalformed()
  if (range === "beyond") return rangeNotOverlapping()
  return fileAnswer(context, entry, range === "whole" ? undefined : range)
}

// What encodeURIComponent leaves alone is what the server leaves alone; there are two spaces.
const download = (context: Context, entry: FileEntry, { query }: SimulatorRequest): Answer => {
  const name = encodeURIComponent(query.get("name") ?? viewName(entry))
  const { headers, ...answer } = fileAnswer(context, entry, undefined)
  const { "accept-ranges": _, ...rest } = headers
  return { ...answer, headers: { ...rest, "content-disposition": `attachment;  filename="${name}"` } }
}

/** Finds a file for a request; each that is chosen by the option is not found the first time. */
const findFile = (context: Context, flaky: Set<string>, session: Session, id: string): FileEntry | undefined => {
  const { fileIndex, files, settings } = context
  const entry = session.domain === settings.domain ? fileIndex.find(id) : undefined
  if (entry === undefined || !files.isThere(entry)) return undefined
  const late = settings.random.fork(`transient 404 of ${id}`).chance(settings.transient404) && !flaky.has(id)
  flaky.add(id)
  return late ? undefined : entry
}

// The check before a recording is looked up; addresses of plain files are without it.
const mayUseRecordings = ({ access }: Session): boolean => access.record_file.includes("r")

export type HandleStorage = (address: Address, request: SimulatorRequest) => Answer | ApiError

/** Answers what the web server in front sends to the storage. */
export const makeStorage = (context: Context): HandleStorage => {
  const flaky = new Set<string>()

  const ofFile = (address: Address, request: SimulatorRequest): Answer | ApiError => {
    const session = authenticate(context, request)
    if ("status" in session) return session
    if (!/^\d{1,18}$/.test(address.id)) return invalidUrlParameter()
    if (address.ofRecordings && !mayUseRecordings(session)) return recordingForbidden()
    // Media are other files than those of calls: there are none.
    const entry = request.query.get("source") === "media" ? undefined : findFile(context, flaky, session, address.id)
    if (entry === undefined) return fileNotFound()
    if (!mayPlay(context, session, entry.file)) return recordingForbidden()
    const { trouble } = entry.file
    if (trouble !== undefined) return troubles[trouble]()
    return address.name === "stream" ? stream(context, entry, request) : download(context, entry, request)
  }

  return (address, request) => {
    if (address.name === "signed") return signatureInvalid()
    if (address.name === "unknown") return request.method === "GET" ? routeNotFound() : emptyAnswer(405)
    return ofFile(address, request)
  }
}
