/** `POST /client/{id}/record/archive/`: a link by e-mail to all the files of a window. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import { formatSeconds, parseWindow } from "./datetime.ts"
import { badRequest } from "./errors.ts"
import type { Records, Scope } from "./records.ts"
import { recordUuid } from "./rows.ts"
import type { PbxArchive } from "./VirtualPbxOptions.ts"

export interface Archives {
  readonly request: (body: string, scope: Scope) => Answer
  /** What the owner of the mailbox does: download the archive asked for last. */
  readonly fetch: () => PbxArchive | undefined
}

const hour = 3_600_000

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const parseObject = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

const parseAddresses = (email: unknown): ReadonlyArray<string> | undefined => {
  const addresses = typeof email === "string" ? email.split(",").map((address) => address.trim()) : []
  return addresses.length > 0 && addresses.every((address) => /^[^@\s]+@[^@\s]+$/.test(address)) ? addresses : undefined
}

/** Archives with the rule that none may be asked for within an hour of one that was not downloaded. */
export const makeArchives = (records: Records, clock: SimulatorClock): Archives => {
  let last: { readonly archive: PbxArchive; readonly requestedAt: number; fetched: boolean } | undefined
  return {
    request: (body, scope) => {
      const fields = parseObject(body)
      const window = parseWindow(fields["start_datetime"], fields["end_datetime"])
      if (typeof window === "string") return badRequest(window)
      const email = parseAddresses(fields["email"])
      if (email === undefined) return badRequest("email is mandatory")
      const now = clock.now().getTime()
      if (last !== undefined && !last.fetched && now - last.requestedAt < hour) {
        return jsonAnswer(409, { status: "record_archive_exists", message: "Previous archive was not downloaded yet" })
      }
      const startDatetime = formatSeconds(window.start)
      const endDatetime = formatSeconds(window.end)
      const recordUuids = Array.from(records.inWindow(window, scope, "asc"), (position) =>
        recordUuid(records.index.entry(position))
      )
      const archive = { email, startDatetime, endDatetime, recordUuids, expiresAt: new Date(now + 12 * hour) }
      last = { archive, requestedAt: now, fetched: false }
      return jsonAnswer(201, {
        id: recordUuids.length,
        start_datetime: startDatetime,
        end_datetime: endDatetime,
        email: email.join(",")
      })
    },
    fetch: () => {
      if (last === undefined || clock.now().getTime() >= last.archive.expiresAt.getTime()) return undefined
      last.fetched = true
      return last.archive
    }
  }
}
