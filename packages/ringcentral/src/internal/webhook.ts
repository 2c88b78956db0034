/**
 * Webhook requests of RingCentral (docs/vendors/ringcentral.md#webhook): answered at once and in few bytes, as the vendor
 * gives up after three seconds or more than a kilobyte, and after some failures ends the subscription.
 */
import { type Notification, type Reason } from "@callreel/recording"
import { notificationBody } from "@callreel/transport"
import { createHash, timingSafeEqual } from "node:crypto"
import { Effect, Redacted, Result } from "effect"
import { eventFields, parseEvent } from "./events.ts"

/** Longest token to send back; the vendor's are some dozens of characters, and its limit counts headers and body. */
const longestToken = 512

/** Reads a webhook request: the test of a new subscription, or a notification. */
export const notificationOf = (
  request: Request,
  verificationToken: Redacted.Redacted<string> | undefined
): Effect.Effect<Notification, Reason> =>
  Effect.gen(function* () {
    const validation = request.headers.get("validation-token")
    if (validation !== null && validation.length > longestToken) return refused(400)
    // Whoever sets a subscription up must show that the address is theirs: the token comes back in the answer.
    const response = answer(200, validation === null ? {} : { "validation-token": validation })
    const read = yield* Effect.result(notificationBody(request))
    if (Result.isFailure(read)) return refused(read.failure)
    const body = read.success
    if (body.trim() === "") return { response, calls: [] }
    const sent = request.headers.get("verification-token") ?? ""
    if (verificationToken !== undefined && !sameSecret(sent, Redacted.value(verificationToken))) return refused(401)
    const event = parseEvent(body)
    // Events come at every change of a call; recordings can be looked for once one was announced, or the call is over.
    const isOfUse = event !== undefined && (event.recordings.length > 0 || event.isOver)
    return { response, calls: isOfUse ? [{ event: eventFields(event) }] : [] }
  })

/** The vendor wants a type also where there is no body. */
const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers: { "content-type": "application/json", ...headers } })

const refused = (status: number): Notification => ({ response: answer(status), calls: [] })

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Compares in a time that tells nothing of the secret. */
const sameSecret = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right))
