import type { Vcon, VconDialog, VconSessionId } from "../Vcon.ts"
import { isArray } from "./json.ts"
import { checkDate, type Problem, requireMembers, type RuleName, unless } from "./problem.ts"
import { sessionUuid } from "./uuid.ts"

const types = ["recording", "recording-set", "text", "transfer", "incomplete"]
const dispositions = ["no-answer", "congestion", "failed", "busy", "hung-up", "voicemail-no-message"]
const events = ["join", "drop", "hold", "unhold", "mute", "unmute", "keydown", "keyup"]
const contentMembers = ["body", "encoding", "url", "content_hash"]
const transferMembers = ["transferee", "transferor", "transfer_target", "original", "consultation", "target_dialog"]

/** What each type of dialog has and has not. An empty dialog is one of which nothing is known. */
export const dialogProblems = (vcon: Vcon): ReadonlyArray<Problem> =>
  (vcon.dialog ?? []).flatMap((dialog, index) =>
    Object.keys(dialog).length === 0 ? [] : problemsOf(dialog, `dialog[${index}]`, vcon.redacted !== undefined)
  )

const problemsOf = (dialog: VconDialog, path: string, isRedacted: boolean): ReadonlyArray<Problem> => [
  ...requireMembers(dialog, path, ["type", "start"]),
  ...unless(
    dialog.type === undefined || types.includes(dialog.type),
    "type",
    `${path}.type`,
    `is none of ${types.join(", ")}`
  ),
  ...checkDate(dialog.start, `${path}.start`),
  ...typeProblems(dialog, path, isRedacted),
  ...historyProblems(dialog, path),
  ...sessionProblems(dialog, path)
]

const typeProblems = (dialog: VconDialog, path: string, isRedacted: boolean): ReadonlyArray<Problem> => {
  const { type } = dialog
  if (type === undefined || !types.includes(type)) return []
  const has = (member: string): boolean => Object.hasOwn(dialog, member)
  const without = (rule: RuleName, members: ReadonlyArray<string>): ReadonlyArray<Problem> =>
    members.flatMap((member) =>
      unless(!has(member), rule, `${path}.${member}`, `does not belong to this type of dialog`)
    )
  const isMedia = type === "recording" || type === "text"
  return [
    ...(isMedia
      ? unless(
          isRedacted || has("body") || has("content_hash") || has("url"),
          "content",
          path,
          "has neither a body nor the hash of a file elsewhere"
        )
      : without("content", contentMembers)),
    ...(type === "incomplete"
      ? dispositionProblems(dialog, path)
      : unless(!has("disposition"), "disposition", `${path}.disposition`, "belongs to incomplete dialogs only")),
    ...(type === "transfer"
      ? without("transfer", ["parties", "originator", "mediatype", "filename"])
      : without("transfer", transferMembers)),
    ...(type === "recording-set"
      ? unless(has("recordings"), "recording-set", `${path}.recordings`, "is missing")
      : without("recording-set", ["recordings"])),
    ...(type === "recording" ? [] : without("recording-set", ["recording_set"]))
  ]
}

const dispositionProblems = ({ disposition }: VconDialog, path: string): ReadonlyArray<Problem> =>
  unless(
    disposition !== undefined && dispositions.includes(disposition),
    "disposition",
    `${path}.disposition`,
    disposition === undefined ? "is missing" : `is none of ${dispositions.join(", ")}`
  )

const historyProblems = ({ party_history = [] }: VconDialog, path: string): ReadonlyArray<Problem> =>
  party_history.flatMap((entry, index) => {
    const place = `${path}.party_history[${index}]`
    const isKey = entry.event === "keydown" || entry.event === "keyup"
    return [
      ...requireMembers(entry, place, ["party", "time", "event", ...(isKey ? ["button"] : [])]),
      ...checkDate(entry.time, `${place}.time`),
      ...unless(
        entry.event === undefined || events.includes(entry.event),
        "event",
        `${place}.event`,
        `is none of ${events.join(", ")}`
      )
    ]
  })

/** One id for all parties, or as many as there are parties, nested in the same way. */
const sessionProblems = ({ parties, session_id }: VconDialog, path: string): ReadonlyArray<Problem> => {
  if (session_id === undefined) return []
  const ids = isArray(session_id) ? session_id.flat() : [session_id]
  return [
    ...unless(
      !isArray(session_id) || (isArray(parties) && sameShape(session_id, parties)),
      "session-id",
      `${path}.session_id`,
      "has not the same structure as parties"
    ),
    ...unless(ids.every(isSessionId), "session-id", `${path}.session_id`, "has a half that is no UUID")
  ]
}

const sameShape = (left: ReadonlyArray<unknown>, right: ReadonlyArray<unknown>): boolean =>
  left.length === right.length &&
  left.every((item, index) => {
    const other = right[index]
    return isArray(item) ? isArray(other) && item.length === other.length : !isArray(other)
  })

const isSessionId = ({ local, remote }: VconSessionId): boolean =>
  [local, remote].every((half) => half === undefined || sessionUuid(half) !== undefined)
