import { type Reason, Unavailable } from "@callreel/recording"
import { DateTime, Effect, Redacted, type Scope } from "effect"
import { invalid } from "../HttpError.ts"
import type { OriginRules } from "../OriginPolicy.ts"
import { bodyReader, readUpTo, type BodyContext } from "./httpBody.ts"
import type { ErrorResponse } from "./httpContract.ts"
import { exchange, type Answer, type Outgoing } from "./httpExchange.ts"
import type { HttpSettings } from "./httpSettings.ts"
import type { HttpCredentials } from "./mediaContract.ts"

/** A request before its credentials are known. */
export interface Call {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Headers for the trusted origins only. */
  readonly privateHeaders?: Readonly<Record<string, string>>
  readonly body?: string
  readonly credentials: HttpCredentials
  /** Without a group the request is not counted at the gate. */
  readonly group: string | undefined
  /** Requests of one route always count in the same group, whatever the vendor calls it. */
  readonly route?: string
  readonly rules: OriginRules
  /** Reads an error status before the adapter does. */
  readonly refused?: (status: number) => Reason | undefined
}

/** One renewal of the token in the life of a request, however often it is retried. */
export interface Renewal {
  used: boolean
}

type Outcome =
  | { readonly refused: false; readonly answer: Answer }
  | { readonly refused: true; readonly token: Redacted.Redacted<string>; readonly reason: Reason }

const mostErrorBytes = 64 * 1024

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What of an error answer can be read; a body that breaks off counts as empty, as the status says enough. */
const readError = (answer: Answer, context: BodyContext): Effect.Effect<ErrorResponse> =>
  Effect.gen(function* () {
    const read = readUpTo(bodyReader(answer.body, context), mostErrorBytes)
    const bytes = yield* Effect.match(read, { onFailure: () => new Uint8Array(), onSuccess: (body) => body.bytes })
    const body = new TextDecoder().decode(bytes)
    const now = yield* DateTime.nowAsDate
    return { status: answer.status, headers: answer.headers, body, json: parseJson(body), now }
  })

const basic = (user: string, password: Redacted.Redacted<string>): string =>
  `Basic ${Buffer.from(`${user}:${Redacted.value(password)}`, "utf8").toString("base64")}`

const secretsFor = (settings: HttpSettings, call: Call, token: Redacted.Redacted<string> | undefined) => ({
  ...call.privateHeaders,
  ...(token === undefined ? {} : settings.authorize(token)),
  ...(typeof call.credentials === "object"
    ? { authorization: basic(call.credentials.basic.user, call.credentials.basic.password) }
    : {})
})

const routeOf = ({ group, route }: Call): string => JSON.stringify([group, route])

/** The group that a request counts in: as the vendor named it last for this route, for it may be told by another name. */
const groupOf = (settings: HttpSettings, call: Call): string | undefined =>
  call.group === undefined ? undefined : (settings.groupNames.get(routeOf(call)) ?? call.group)

/**
 * What the answer says of the limits; a group it names is where requests of this route count from now on. A server that
 * was not given the credentials speaks of limits of its own.
 */
const learnLimits = (settings: HttpSettings, call: Call, answer: Answer): Effect.Effect<void> =>
  Effect.suspend(() => {
    const limits = answer.credentials ? settings.readLimits(answer.headers) : undefined
    if (limits === undefined || call.group === undefined) return Effect.void
    if (limits.group !== undefined) settings.groupNames.set(routeOf(call), limits.group)
    return settings.gate.observe(groupOf(settings, call) ?? call.group, limits)
  })

/** What a server says that the vendor redirected to; its refusals are not the vendor's. */
const ofForeign = (host: string, status: number): Reason =>
  status >= 500 || status === 408 || status === 429
    ? new Unavailable({ detail: `${host}, where the vendor redirects to, answered with status ${status}`, status })
    : invalid(`${host}, where the vendor redirects to, answered with status ${status}`)

const answerOf = Effect.fnUntraced(function* (
  settings: HttpSettings,
  call: Call,
  token: Redacted.Redacted<string> | undefined
): Effect.fn.Return<Outcome, Reason, Scope.Scope> {
  const outgoing: Outgoing = { ...call, secrets: secretsFor(settings, call, token) }
  const answer = yield* exchange(settings, outgoing)
  yield* learnLimits(settings, call, answer)
  if (answer.status >= 200 && answer.status < 300) return { refused: false, answer }
  const { host } = answer
  const { optionName, untrusted } = call.rules
  if (!answer.credentials && untrusted === "only-by-redirect") {
    return yield* call.refused?.(answer.status) ?? ofForeign(host, answer.status)
  }
  const error = yield* readError(answer, { host, optionName, idleTimeout: settings.idleTimeout })
  const reason = call.refused?.(answer.status) ?? settings.classify(error)
  // Before the gate is left: nobody who waits there may go out into a limit that is known to be used up.
  const group = groupOf(settings, call)
  if (reason._tag === "RateLimited" && group !== undefined) {
    // A limit of its own (an archive an hour, say) must not hold up the rest of the group.
    yield* settings.gate.penalize(reason.group ?? group, reason.retryAfter)
  }
  if (token !== undefined && answer.credentials && settings.refusesToken(error)) {
    return { refused: true, token, reason }
  }
  return yield* reason
})

/**
 * One attempt: through the gate, with the token of that moment, and once more with a renewed one if it is refused. Gives
 * an answer with a 2xx status, or fails with the reason for the other. The answer lives as long as the scope.
 */
export const attempt = Effect.fnUntraced(function* (
  settings: HttpSettings,
  call: Call,
  renewal: Renewal
): Effect.fn.Return<Answer, Reason, Scope.Scope> {
  const { tokens } = settings
  const send = (token: Effect.Effect<Redacted.Redacted<string> | undefined, Reason>) => {
    const request = Effect.flatMap(token, (current) => answerOf(settings, call, current))
    const group = groupOf(settings, call)
    return group === undefined ? request : settings.gate.run(group, request)
  }
  const usesToken = call.credentials === "token" && tokens !== undefined
  const first = yield* send(usesToken ? tokens.current : Effect.undefined)
  if (!first.refused) return first.answer
  if (renewal.used || tokens === undefined) return yield* first.reason
  renewal.used = true
  const second = yield* send(tokens.renew(first.token))
  return second.refused ? yield* second.reason : second.answer
})
