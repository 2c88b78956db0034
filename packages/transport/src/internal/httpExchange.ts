import { InvalidOptions, type Reason } from "@callreel/recording"
import { Effect, type Scope } from "effect"
import ky from "ky"
import { fromThrown, invalid, noAnswer } from "../HttpError.ts"
import { decide, type OriginRules } from "../OriginPolicy.ts"
import type { Fetch } from "../undiciFetch.ts"
import type { HttpSettings } from "./httpSettings.ts"

type HeaderRecord = Readonly<Record<string, string>>

/** One request as it goes out; `secrets` are the headers that only trusted origins may see. */
export interface Outgoing {
  readonly method: string
  readonly url: URL
  readonly headers: HeaderRecord
  readonly secrets: HeaderRecord
  readonly body?: string
  readonly rules: OriginRules
}

/** The bytes of a body, pulled one piece at a time. */
export type BodyBytes = ReadableStreamDefaultReader<Uint8Array>

/** The headers are there, the body is not read yet. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Undefined where the answer has no body. */
  readonly body: BodyBytes | undefined
  readonly host: string
  /** Whether the answering server was given the secrets. */
  readonly credentials: boolean
}

const mostRedirects = 5
const redirects = new Set([301, 302, 303, 307, 308])

// What HTTP allows in a header value; `Headers` would throw an error that prints the value.
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

const badHeader = (): InvalidOptions =>
  new InvalidOptions({
    option: "credentials",
    detail: "hold characters that HTTP headers cannot carry, such as a line break"
  })

interface HopRequest {
  readonly url: URL
  readonly credentials: boolean
  readonly fetch: Fetch
}

const sendOnce = (
  settings: HttpSettings,
  outgoing: Outgoing,
  hop: HopRequest
): Effect.Effect<Answer, Reason, Scope.Scope> =>
  Effect.suspend((): Effect.Effect<Answer, Reason, Scope.Scope> => {
    const headers = { ...outgoing.headers, ...(hop.credentials ? outgoing.secrets : {}) }
    if (!Object.values(headers).every((value) => headerValue.test(value))) return Effect.fail(badHeader())
    const host = hop.url.hostname
    let body: BodyBytes | undefined
    let closed = false
    const cancel = async (): Promise<void> => body?.cancel().catch(() => undefined)
    const send = async (signal: AbortSignal): Promise<Answer> => {
      const response = await ky(hop.url, {
        method: outgoing.method,
        headers,
        ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
        redirect: "manual",
        // Beside ky, which would make a signal of its own that follows ours.
        fetch: (request, init) => hop.fetch(request, { ...init, signal }),
        // Effect owns retries, time-outs and the reading of errors.
        retry: 0,
        timeout: false,
        throwHttpErrors: false
      })
      body = response.body?.getReader()
      if (closed) await cancel()
      return { status: response.status, headers: response.headers, body, host, credentials: hop.credentials }
    }
    // The finalizer stands before there is a response, so that none can slip through an interruption in between.
    const close = Effect.promise(() => {
      closed = true
      return cancel()
    })
    return Effect.andThen(
      Effect.addFinalizer(() => close),
      Effect.tryPromise({
        try: (signal) => send(signal),
        catch: (error) => fromThrown(error, host, outgoing.rules.optionName)
      }).pipe(
        Effect.timeoutOrElse({
          duration: settings.headersTimeout,
          orElse: () => Effect.fail(noAnswer(host, settings.headersTimeout))
        })
      )
    )
  })

/** Where the answer sends on to; null where that is no address, undefined where it does not. */
const redirectOf = (answer: Answer, url: URL): URL | undefined | null => {
  const location = answer.headers.get("location")
  return redirects.has(answer.status) && location !== null ? URL.parse(location, url.href) : undefined
}

/**
 * Sends the request and follows redirects of GET and HEAD, deciding at every hop where it may go and whether the
 * credentials go with it. Once it left the trusted origins they are not sent again, wherever it leads. Answers live as long
 * as the scope.
 */
export const exchange = Effect.fnUntraced(function* (settings: HttpSettings, outgoing: Outgoing) {
  let url = outgoing.url
  let from: URL | undefined
  let credentials = true
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const decision = decide({ url, ...(from === undefined ? {} : { from }) }, outgoing.rules)
    if (!decision.go) return yield* invalid(decision.why)
    credentials = credentials && decision.credentials
    const fetch = decision.guarded ? settings.fetches.guarded : settings.fetches.trusted
    const answer = yield* sendOnce(settings, outgoing, { url, credentials, fetch })
    yield* Effect.logDebug(`${outgoing.method} ${url.hostname}: ${answer.status}`)
    const target = redirectOf(answer, url)
    if (target === undefined) return answer
    if (target === null) return yield* invalid(`${url.hostname} redirects to something that is no address`)
    if (outgoing.method !== "GET" && outgoing.method !== "HEAD") {
      return yield* invalid(`${url.hostname} redirects a ${outgoing.method}, which is not followed; check the address`)
    }
    from = url
    url = target
  }
  return yield* invalid(`${outgoing.url.hostname} redirects more than ${mostRedirects} times`)
})
