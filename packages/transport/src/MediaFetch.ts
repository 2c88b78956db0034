/** Fetching audio: the one way to a URL that came from a response body. */
import { normaliseMediaType, RateLimited, type Audio, type Reason } from "@callreel/recording"
import { Effect, Exit, Result, Scope } from "effect"
import { audioStream } from "./AudioStream.ts"
import { inChildScope } from "./internal/httpScope.ts"
import type { HttpSettings } from "./internal/httpSettings.ts"
import { NotAudio } from "./internal/mediaContent.ts"
import type { MediaRequest } from "./internal/mediaContract.ts"
import { filenameOf } from "./internal/mediaHeaders.ts"
import { mediaOpener, type MediaOpener, type OpenedMedia } from "./internal/mediaOpening.ts"
import { checkRange, deliveredRange, planDelivery, type Plan } from "./internal/mediaPlan.ts"
import { resumption, skipping } from "./internal/mediaResumption.ts"
import { looksLikeText, sniffMediaType } from "./MediaSniffing.ts"
import { retrying } from "./RetryPolicy.ts"

export type {
  BasicCredentials,
  HttpCredentials,
  HttpQuery,
  MediaRequest,
  HttpTarget,
  UntrustedPolicy
} from "./internal/mediaContract.ts"

const markup = /^(?:text|application)\/(?:[\w.-]+\+)?(?:(?<html>html)|(?<json>json)|xml)$/
const telling = /^(?:audio|video)\//

/**
 * The media type by the response, or by the leading bytes where the response says nothing of use; a reason where it is
 * not audio. Nothing is guessed from names.
 */
const mediaTypeOf = ({ headers, head }: OpenedMedia): string | Reason => {
  const declared = normaliseMediaType(headers.get("content-type") ?? "")
  const sniffed = sniffMediaType(head)
  const page = markup.exec(declared)?.groups
  if (page !== undefined) return new NotAudio(`${page["html"] ?? page["json"] ?? "XML"} where audio was promised`)
  if (sniffed === undefined && looksLikeText(head)) return new NotAudio("a text where audio was promised")
  if (telling.test(declared)) return declared
  if (sniffed !== undefined) return sniffed
  return declared.startsWith("text/") ? new NotAudio("a text where audio was promised") : "application/octet-stream"
}

const planFor = (media: OpenedMedia, request: MediaRequest): Result.Result<Plan, Reason> => {
  if (media.status === 200 && media.head.byteLength === 0) return Result.fail(new NotAudio("the audio is empty"))
  const { status, contentLength, contentRange } = media
  return planDelivery({
    status,
    contentLength,
    contentRange,
    range: request.range,
    expectedBytes: request.expectedBytes
  })
}

/** The first opening, retried. Where no gate keeps the pace, a limit is for the caller to wait for. */
const openFirst = Effect.fnUntraced(function* (
  open: MediaOpener,
  request: MediaRequest
): Effect.fn.Return<OpenedMedia, Reason, Scope.Scope> {
  const once = inChildScope(open(request.range))
  if (request.group !== undefined) return yield* retrying(once)
  const outcome = yield* retrying(Effect.catchTag(once, "RateLimited", (reason) => Effect.succeed(reason)))
  return outcome instanceof RateLimited ? yield* outcome : outcome
})

/** Opens audio: the answer is checked before anything is delivered, and the stream resumes by itself. */
export const openMedia = Effect.fnUntraced(function* (
  settings: HttpSettings,
  request: MediaRequest
): Effect.fn.Return<Audio<Reason>, Reason, Scope.Scope> {
  const badRange = checkRange(request.range)
  if (badRange !== undefined) return yield* badRange
  const open = yield* mediaOpener(settings, request)
  const scope = yield* Effect.scope
  const socket = yield* Scope.fork(scope)
  const media = yield* Scope.provide(openFirst(open, request), socket)
  const mediaType = mediaTypeOf(media)
  if (typeof mediaType !== "string") return yield* mediaType
  const plan = yield* Effect.fromResult(planFor(media, request))
  const { start, end, total } = plan
  const filename = filenameOf(media.headers.get("content-disposition"))
  const range = deliveredRange(plan)
  return {
    mediaType,
    ...(end === undefined ? {} : { bytes: end - start }),
    ...(filename === undefined ? {} : { filename }),
    ...(range === undefined ? {} : { range }),
    stream: audioStream({
      start,
      end,
      toFileEnd: end !== undefined && end === total,
      first: { read: skipping(media.read, start - plan.bodyStart), end: plan.bodyEnd },
      closeFirst: Scope.close(socket, Exit.void),
      reopen: (position) => resumption({ open, media, plan, lastAsked: request.range?.end }, position),
      gated: request.group !== undefined,
      scope
    })
  }
})
