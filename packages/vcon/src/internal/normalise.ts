/** Reads vCons of older drafts: members that were renamed get the names of today. Pure. */
import { isArray, isObject, type JsonObject } from "./json.ts"

/** A member under an older name. */
export interface Renamed {
  readonly path: string
  readonly to: string
}

/** The document with the names of today, and where it had others. */
export interface Normalised {
  readonly value: unknown
  readonly renamed: ReadonlyArray<Renamed>
}

type Names = Readonly<Record<string, string>>

const contentNames: Names = { mimetype: "mediatype" }
const documentNames: Names = { must_support: "critical", appended: "amended" }
const dialogNames: Names = {
  ...contentNames,
  "transfer-target": "transfer_target",
  "target-dialog": "target_dialog"
}
const attachmentNames: Names = { ...contentNames, type: "purpose" }

/** What the lists of a vCon hold. */
const lists: Readonly<Record<string, Names>> = {
  parties: {},
  dialog: dialogNames,
  analysis: contentNames,
  attachments: attachmentNames
}

/**
 * A vCon by the names of today. A member whose name today is there too stays as it is, and so does everything unknown; null
 * members, which mean the same as missing ones, are left out. What is not shaped like a vCon is left for the codec to refuse.
 */
export const normalise = (document: unknown): Normalised => {
  if (!isObject(document)) return { value: document, renamed: [] }
  const top = rename(document, documentNames, "")
  const renamed: Array<Renamed> = [...top.renamed]
  const value: Record<string, unknown> = { ...top.value }
  const set = (key: string, part: Normalised): void => {
    value[key] = part.value
    renamed.push(...part.renamed)
  }
  for (const [key, names] of Object.entries(lists)) {
    const list = value[key]
    if (!isArray(list)) continue
    const items = list.map((item, index) => normalisePart(item, names, `${key}[${index}].`))
    set(key, { value: items.map((item) => item.value), renamed: items.flatMap((item) => item.renamed) })
  }
  for (const key of ["redacted", "amended"]) {
    if (isObject(value[key])) set(key, normalisePart(value[key], {}, `${key}.`))
  }
  return { value, renamed }
}

const normalisePart = (part: unknown, names: Names, path: string): Normalised => {
  if (!isObject(part)) return { value: part, renamed: [] }
  const today = rename(part, names, path)
  const hash = hashOf(today.value)
  const { alg: _, signature: __, ...rest } = today.value
  const signed = hash === undefined ? today.value : { ...rest, content_hash: hash }
  return {
    value: sessionOf(signed),
    renamed: [...today.renamed, ...(hash === undefined ? [] : [{ path: `${path}signature`, to: "content_hash" }])]
  }
}

const rename = (
  part: JsonObject,
  names: Names,
  path: string
): { readonly value: JsonObject; readonly renamed: ReadonlyArray<Renamed> } => {
  // A body of null is a file: the JSON value.
  const given = Object.entries(part).filter(([key, value]) => value !== null || key === "body")
  const older = (key: string): string | undefined => {
    const today = Object.hasOwn(names, key) ? names[key] : undefined
    return today === undefined || part[today] != null ? undefined : today
  }
  return {
    value: Object.fromEntries(given.map(([key, value]) => [older(key) ?? key, value])),
    renamed: given.flatMap(([key]) => {
      const to = older(key)
      return to === undefined ? [] : [{ path: `${path}${key}`, to }]
    })
  }
}

/** A hash was in two members once: `alg` such as `SHA-512`, and `signature`, its base64url. */
const hashOf = ({ alg, content_hash, signature }: JsonObject): string | undefined =>
  typeof alg === "string" && typeof signature === "string" && content_hash === undefined
    ? `${alg.toLowerCase().replaceAll("-", "")}-${signature.replace(/=+$/, "")}`
    : undefined

/** A session's id was one text once. */
const sessionOf = (part: JsonObject): JsonObject =>
  typeof part["session_id"] === "string" ? { ...part, session_id: { local: part["session_id"] } } : part
