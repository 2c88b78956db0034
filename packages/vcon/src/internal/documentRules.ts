import type { Vcon, VconPriorVersion } from "../Vcon.ts"
import { checkHash, checkUrl } from "./contentRules.ts"
import { checkDate, type Problem, requireMembers, unless } from "./problem.ts"
import { isUuid } from "./uuid.ts"

/** What holds for the document as a whole. `known` are the extensions that the reader understands. */
export const documentProblems = (vcon: Vcon, known: ReadonlyArray<string>): ReadonlyArray<Problem> => [
  ...requireMembers(vcon, "", ["uuid", "created_at"]),
  ...checkUuid(vcon.uuid, "uuid"),
  ...checkDate(vcon.created_at, "created_at"),
  ...checkDate(vcon.updated_at, "updated_at"),
  ...unless(
    vcon.redacted === undefined || vcon.amended === undefined,
    "exclusive",
    "redacted",
    "stands beside amended: a version is one of the two"
  ),
  ...(vcon.redacted === undefined
    ? []
    : [...requireMembers(vcon.redacted, "redacted", ["type"]), ...priorProblems(vcon.redacted, "redacted")]),
  ...(vcon.amended === undefined ? [] : priorProblems(vcon.amended, "amended")),
  ...(vcon.critical ?? []).flatMap((name, index) =>
    unless(known.includes(name), "critical", `critical[${index}]`, "is an extension that is not supported here")
  )
]

const priorProblems = (prior: VconPriorVersion, path: string): ReadonlyArray<Problem> => [
  ...checkUuid(prior.uuid, `${path}.uuid`),
  ...checkUrl(prior, path),
  ...checkHash(prior.content_hash, `${path}.content_hash`)
]

const checkUuid = (uuid: string | undefined, path: string): ReadonlyArray<Problem> =>
  unless(uuid === undefined || isUuid(uuid), "uuid", path, "is no UUID")
