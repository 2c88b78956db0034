import { InvalidQuery, type InvalidOptions, type Reason } from "@callreel/recording"
import { Effect, type Scope } from "effect"
import type { OriginRules } from "../OriginPolicy.ts"
import { sniffLength } from "../MediaSniffing.ts"
import { targetAddress } from "./httpAddress.ts"
import { attempt, type Call, type Renewal } from "./httpAttempt.ts"
import { bodyReader, type ReadBody } from "./httpBody.ts"
import type { Answer } from "./httpExchange.ts"
import { checkOrigins, rulesOf, type HttpSettings } from "./httpSettings.ts"
import type { MediaRequest } from "./mediaContract.ts"
import { contentLengthOf, isEncoded, parseContentRange, type ContentRange } from "./mediaHeaders.ts"

/** A media answer whose headers and first bytes are there. */
export interface OpenedMedia {
  readonly status: number
  readonly headers: Headers
  readonly contentLength: number | undefined
  readonly contentRange: ContentRange | undefined
  /** The body compressed against our wish: it cannot be resumed. */
  readonly encoded: boolean
  /** Up to so many bytes as tell its kind; empty where the body does not begin at the start of the file. */
  readonly head: Uint8Array
  /** The whole body, the head included. */
  readonly read: ReadBody
}

/** The part to ask for: from `start` to the end, or to `end`, both included. */
export interface OpeningRange {
  readonly start: number
  readonly end?: number | undefined
  /** Entity tag of the file that the part must belong to. */
  readonly ifRange?: string | undefined
}

/** Opens the file, whole or a part; one attempt. */
export type MediaOpener = (range: OpeningRange | undefined) => Effect.Effect<OpenedMedia, Reason, Scope.Scope>

const rulesFor = (settings: HttpSettings, request: MediaRequest): Effect.Effect<OriginRules, InvalidOptions> => {
  const optionName = request.optionName ?? settings.originsOption
  const further = checkOrigins(request.trustedOrigins ?? [], optionName, settings.insecureAllowed)
  return Effect.map(further, (origins) => rulesOf(settings, request.untrusted, optionName, origins))
}

const rangeHeaders = (range: OpeningRange | undefined): Readonly<Record<string, string>> =>
  range === undefined
    ? {}
    : {
        range: `bytes=${range.start}-${range.end ?? ""}`,
        ...(range.ifRange === undefined ? {} : { "if-range": range.ifRange })
      }

const rangeRefused = (status: number): Reason | undefined =>
  status === 416 ? new InvalidQuery({ field: "range", detail: "begins after the end of the audio" }) : undefined

/** Reads ahead until the kind of the audio can be told, and gives a reader that begins with those bytes again. */
const peek = Effect.fnUntraced(function* (read: ReadBody) {
  const parts: Array<Uint8Array> = []
  let size = 0
  let atEnd = false
  while (size < sniffLength && !atEnd) {
    const part = yield* read
    atEnd = part === undefined
    if (part !== undefined) parts.push(part)
    size += part?.byteLength ?? 0
  }
  const [first] = parts
  const head = new Uint8Array(
    (parts.length === 1 && first !== undefined ? first : Buffer.concat(parts)).subarray(0, sniffLength)
  )
  const again: ReadBody = Effect.suspend(() => {
    const part = parts.shift()
    return part === undefined ? read : Effect.succeed(part)
  })
  return { head, again }
})

/** Prepares the request; the opener it gives makes one attempt each time, with the token of that moment. */
export const mediaOpener = Effect.fnUntraced(function* (
  settings: HttpSettings,
  request: MediaRequest
): Effect.fn.Return<MediaOpener, Reason> {
  const rules = yield* rulesFor(settings, request)
  const url = yield* targetAddress(settings.base, request.target)
  const renewal: Renewal = { used: false }
  return (range) => {
    const call: Call = {
      method: "GET",
      url,
      // Lengths and positions are those of the file only without compression.
      headers: {
        accept: "*/*",
        "accept-encoding": "identity",
        "user-agent": settings.userAgent,
        ...rangeHeaders(range)
      },
      credentials: request.credentials,
      group: request.group,
      ...(request.route === undefined ? {} : { route: request.route }),
      rules,
      refused: rangeRefused
    }
    const idleTimeout = request.idleTimeout ?? settings.idleTimeout
    return Effect.flatMap(attempt(settings, call, renewal), (answer) =>
      openedMedia(answer, bodyReader(answer.body, { host: answer.host, optionName: rules.optionName, idleTimeout }))
    )
  }
})

const openedMedia = Effect.fnUntraced(function* (
  { headers, status }: Answer,
  read: ReadBody
): Effect.fn.Return<OpenedMedia, Reason> {
  const contentRange = parseContentRange(headers.get("content-range"))
  const fromStart = status !== 206 || contentRange?.start === 0
  const { head, again } = fromStart ? yield* peek(read) : { head: new Uint8Array(), again: read }
  const contentLength = contentLengthOf(headers)
  return { status, headers, contentLength, contentRange, encoded: isEncoded(headers), head, read: again }
})
