import {
  Lane,
  MaxWait,
  normaliseMediaType,
  RetryLimits,
  Unavailable,
  type InvalidOptions,
  type Reason
} from "@callreel/recording"
import { DateTime, Duration, Effect, type Scope } from "effect"
import type * as t from "io-ts"
import { decode } from "./decode.ts"
import { invalid } from "./HttpError.ts"
import { targetAddress } from "./internal/httpAddress.ts"
import { attempt, type Call, type Renewal } from "./internal/httpAttempt.ts"
import { bodyReader, readUpTo, type ReadBody } from "./internal/httpBody.ts"
import type { Http, HttpAnswer, HttpOptions, HttpRequest } from "./internal/httpContract.ts"
import type { Answer } from "./internal/httpExchange.ts"
import { resolveSettings, rulesOf, type HttpSettings } from "./internal/httpSettings.ts"
import { openMedia } from "./MediaFetch.ts"
import { retrying } from "./RetryPolicy.ts"
import { singleFlight, type SingleFlight } from "./singleFlight.ts"

export type {
  ErrorResponse,
  Http,
  HttpAnswer,
  HttpOptions,
  HttpRequest,
  HttpRequestParts
} from "./internal/httpContract.ts"

const mostJsonBytes = 64 * 1024 * 1024
const mostDrainedBytes = 64 * 1024

/** An answer that is no JSON may have been cut or come from a proxy: worth another try, and invalid only in the end. */
class NotJson extends Unavailable {
  readonly lasting: Reason
  constructor(detail: string) {
    super({ detail })
    this.lasting = invalid(detail)
  }
}

const bodyOf = (request: HttpRequest): Pick<Call, "body" | "headers"> => {
  if (request.json !== undefined) {
    return { body: JSON.stringify(request.json), headers: { "content-type": "application/json" } }
  }
  if (request.form !== undefined) {
    const body = new URLSearchParams(request.form).toString()
    return { body, headers: { "content-type": "application/x-www-form-urlencoded" } }
  }
  return { headers: {} }
}

const callFor = (settings: HttpSettings, request: HttpRequest): Effect.Effect<Call, Reason> =>
  Effect.map(targetAddress(settings.base, request), (url) => {
    const { body, headers } = bodyOf(request)
    return {
      method: request.method ?? "GET",
      url,
      headers: {
        accept: "application/json",
        "accept-encoding": "gzip",
        "user-agent": settings.userAgent,
        ...headers
      },
      privateHeaders: request.headers ?? {},
      ...(body === undefined ? {} : { body }),
      credentials: request.credentials ?? "token",
      group: request.group,
      ...(request.route === undefined ? {} : { route: request.route }),
      rules: rulesOf(settings, "refuse", settings.originsOption)
    }
  })

/** Sends within the retries that the request allows; every attempt closes its socket before the next. */
const perform = Effect.fnUntraced(function* <A>(
  settings: HttpSettings,
  request: HttpRequest,
  use: (answer: Answer) => Effect.Effect<A, Reason>
): Effect.fn.Return<A, Reason> {
  const call = yield* callFor(settings, request)
  const renewal: Renewal = { used: false }
  const once = Effect.scoped(Effect.flatMap(attempt(settings, call, renewal), use))
  const repeatable = request.repeatable ?? (call.method === "GET" || call.method === "HEAD")
  return yield* Effect.mapError(repeatable ? retrying(once) : once, (reason) =>
    reason instanceof NotJson ? reason.lasting : reason
  )
})

// An answer chooses its own type: only those that are known are repeated.
const knownTypes = /^(?:text\/(?:html|plain|xml|csv)|application\/(?:json|xml|octet-stream)|audio\/mpeg)$/

const typeName = (headers: Headers): string => {
  const type = normaliseMediaType(headers.get("content-type") ?? "")
  return knownTypes.test(type) ? type : "of another type"
}

const readerOf = ({ idleTimeout, originsOption }: HttpSettings, { body, host }: Answer): ReadBody =>
  bodyReader(body, { host, optionName: originsOption, idleTimeout })

const readJson = Effect.fnUntraced(function* (
  settings: HttpSettings,
  answer: Answer
): Effect.fn.Return<HttpAnswer<unknown>, Reason> {
  const receivedAt = yield* DateTime.nowAsDate
  const { bytes, more } = yield* readUpTo(readerOf(settings, answer), mostJsonBytes)
  if (more) return yield* invalid("the answer is larger than 64 MiB")
  const value = yield* Effect.try({
    try: (): unknown => JSON.parse(new TextDecoder().decode(bytes)),
    catch: () =>
      new NotJson(bytes.length === 0 ? "the answer is empty" : `the answer is not JSON (${typeName(answer.headers)})`)
  })
  return { value, status: answer.status, headers: answer.headers, receivedAt }
})

/** Reads a short body to its end, so that the connection can be used again; a long or broken one is let go. */
const drain = (settings: HttpSettings, answer: Answer): Effect.Effect<Headers> =>
  readUpTo(readerOf(settings, answer), mostDrainedBytes).pipe(Effect.ignore, Effect.as(answer.headers))

type Flights = SingleFlight<string, HttpAnswer<unknown>, Reason>

/** Equal requests of equal urgency and patience: a person in a hurry must not join a request that waits in the bulk lane. */
const flightKey = Effect.fnUntraced(function* (request: HttpRequest) {
  const { headers, credentials, group } = request
  const target = "url" in request ? request.url : [request.path, request.query]
  const [lane, wait, limits] = [yield* Lane, yield* MaxWait, yield* RetryLimits]
  const patience = [lane, Duration.toMillis(wait), limits.attempts, Duration.toMillis(limits.within)]
  return JSON.stringify([target, headers, credentials, group, patience])
})

const fetchJson = Effect.fnUntraced(function* (
  settings: HttpSettings,
  flights: Flights,
  request: HttpRequest
): Effect.fn.Return<HttpAnswer<unknown>, Reason> {
  const work = perform(settings, request, (answer) => readJson(settings, answer))
  // Equal Basic passwords cannot be compared without revealing them.
  const shared = (request.method ?? "GET") === "GET" && typeof request.credentials !== "object"
  return yield* shared ? flights(yield* flightKey(request), work) : work
})

/** A client of one vendor account. Its connections live as long as the scope. */
export const makeHttp = (options: HttpOptions): Effect.Effect<Http, InvalidOptions, Scope.Scope> =>
  Effect.map(resolveSettings(options), (settings): Http => {
    const flights: Flights = singleFlight()
    const jsonWithHeaders = <A>(codec: t.Decoder<unknown, A>, request: HttpRequest) =>
      fetchJson(settings, flights, request).pipe(
        Effect.flatMap((answer) =>
          Effect.map(decode(codec, answer.value), (value): HttpAnswer<A> => ({ ...answer, value }))
        )
      )
    return {
      jsonWithHeaders,
      json: (codec, request) => Effect.map(jsonWithHeaders(codec, request), (answer) => answer.value),
      send: (request) => perform(settings, request, (answer) => drain(settings, answer)),
      media: (request) => openMedia(settings, request)
    }
  })

/** Vendor's clock minus ours in seconds by the `Date` header of an answer, or undefined where there is none. */
export const clockSkewSeconds = (headers: Headers, receivedAt: Date): number | undefined => {
  const vendorTime = Date.parse(headers.get("date") ?? "")
  // Not minus zero, which is printed as such.
  return Number.isNaN(vendorTime) ? undefined : Math.round((vendorTime - receivedAt.getTime()) / 1000) + 0
}
