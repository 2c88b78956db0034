/** The platform's refusals: a status, a code where it has one, and a message. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"

/** A request that is wrong in itself. */
export const badRequest = (message: string): Answer => jsonAnswer(400, { status: "bad_request", message })

/** No token, or one that has expired or was never given: the code is empty. */
export const unauthorized = (): Answer =>
  jsonAnswer(401, { status: "", message: "Unauthorized" }, { "www-authenticate": "Bearer" })

/** Without login and password at an address of HTTP Basic: a browser asks for them. */
export const basicChallenge = (): Answer =>
  jsonAnswer(401, { status: "", message: "Unauthorized" }, { "www-authenticate": 'Basic realm="PBX records"' })

export type ForbiddenCode = "access_denied" | "user_blocked" | "user_access_type_deny" | "app_access_type_deny"

/** Credentials that may not do this. */
export const forbidden = (status: ForbiddenCode): Answer => jsonAnswer(403, { status, message: "Access denied" })

/** Nothing there; most have no code. */
export const notFound = (message = "Not found", status?: string): Answer =>
  jsonAnswer(404, status === undefined ? { message } : { status, message })

export const recordNotFound = (): Answer => notFound("Record not found")

/** An address that exists, with another method. */
export const methodNotAllowed = (): Answer => jsonAnswer(405, { status: "", message: "Method not allowed" })

/** Two requests for call histories at once: to be repeated soon, not after an hour. */
export const concurrentRefused = (): Answer =>
  jsonAnswer(429, { message: "Stats request already exists, concurrent request not allowed" })

/** The quota of the hour is used up. */
export const quotaRefused = (limit: number, resetSeconds: number): Answer =>
  jsonAnswer(
    429,
    { status: "rate_limit_exceeded", message: "Rate limit exceeded" },
    {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(resetSeconds)
    }
  )
