import { parseInstant } from "@callreel/recording"

/** The rules that are checked. */
export type RuleName =
  | "shape"
  | "renamed"
  | "required"
  | "uuid"
  | "date"
  | "exclusive"
  | "critical"
  | "index"
  | "type"
  | "content"
  | "content-hash"
  | "encoding"
  | "mediatype"
  | "url"
  | "disposition"
  | "recording-set"
  | "transfer"
  | "originator"
  | "event"
  | "session-id"

/** One thing that is wrong: where (`dialog[0].start`), what, and by which rule. Never the value. */
export interface Problem {
  readonly path: string
  readonly detail: string
  readonly rule: RuleName
}

export const problem = (rule: RuleName, path: string, detail: string): Problem => ({ path, detail, rule })

/** The problem where it is one. */
export const unless = (holds: boolean, rule: RuleName, path: string, detail: string): ReadonlyArray<Problem> =>
  holds ? [] : [problem(rule, path, detail)]

/** Whether text is an instant as RFC 3339 writes it, where there is one. */
export const checkDate = (text: string | undefined, path: string): ReadonlyArray<Problem> =>
  unless(text === undefined || parseInstant(text) !== undefined, "date", path, "is no RFC 3339 date with its zone")

/** Whether the members are there. */
export const requireMembers = (part: object, path: string, members: ReadonlyArray<string>): ReadonlyArray<Problem> =>
  members.flatMap((member) =>
    unless(Object.hasOwn(part, member), "required", path === "" ? member : `${path}.${member}`, "is missing")
  )
