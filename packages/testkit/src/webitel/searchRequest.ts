/** A search of the history, read from a query or from a JSON body. */
import { isObject, parseJson } from "./Json.ts"

/** Bounds, both included; a missing one and 0 are none. */
export interface Between {
  readonly from: number | undefined
  readonly to: number | undefined
}

export interface SearchRequest {
  readonly page: number
  readonly size: number
  readonly sort: string
  readonly fields: ReadonlyArray<string>
  readonly q: string
  /** Undefined where the request does not name them at all. */
  readonly createdAt: Between | undefined
  readonly storedAt: Between | undefined
  readonly answeredAt: Between | undefined
  readonly duration: Between | undefined
  readonly talk: Between | undefined
  readonly userId: ReadonlyArray<string>
  readonly agentId: ReadonlyArray<string>
  readonly queueId: ReadonlyArray<string>
  readonly teamId: ReadonlyArray<string>
  readonly gatewayId: ReadonlyArray<string>
  readonly id: ReadonlyArray<string>
  readonly transferFrom: ReadonlyArray<string>
  readonly transferTo: ReadonlyArray<string>
  readonly cause: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
  readonly parentId: string
  readonly dependencyId: string
  readonly direction: string
  readonly number: string
  readonly variables: Readonly<Record<string, string>>
  readonly skipParent: boolean
  readonly hasFile: boolean | undefined
  readonly hasTranscript: boolean | undefined
  readonly hasTransfer: boolean | undefined
  readonly missed: boolean | undefined
}

type Raw = Readonly<Record<string, unknown>>

const snakeCase = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The query as the object its body would be: `created_at.from=1`, `variables[Company]=x`, `id=a&id=b`. */
const rawOfQuery = (query: URLSearchParams): Raw => {
  const raw: Record<string, unknown> = {}
  const within = (name: string, key: string, value: string): void => {
    const known = raw[name]
    raw[name] = { ...(isObject(known) ? known : {}), [key]: value }
  }
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name)
    const [, mapName, mapKey] = /^(\w+)\[(.*)\]$/s.exec(name) ?? []
    const [, messageName, field] = /^(\w+)\.(from|to)$/.exec(name) ?? []
    if (mapName !== undefined && mapKey !== undefined) within(mapName, mapKey, values[0] ?? "")
    else if (messageName !== undefined && field !== undefined) within(messageName, field, values[0] ?? "")
    else raw[name] = values.length === 1 ? values[0] : values
  }
  return raw
}

const rawOfBody = (body: string): Raw | undefined => {
  const value = body === "" ? {} : parseJson(body)
  if (!isObject(value)) return undefined
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [snakeCase(key), each]))
}

const wholeNumber = /^-?\d{1,19}$/

// Undefined for what is no number: the caller has looked for such before.
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined
  return typeof value === "string" && wholeNumber.test(value) ? Number(value) : undefined
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== ""

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

const textsOf = (value: unknown): ReadonlyArray<string> => {
  const values: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  return values
    .filter(isSet)
    .flatMap((each) => (typeof each === "string" || typeof each === "number" ? [String(each)] : []))
}

const flagOf = (value: unknown): boolean | undefined => {
  if (value === true || value === "true") return true
  return value === false || value === "false" ? false : undefined
}

const boundOf = (value: unknown): number | undefined => {
  const bound = numberOf(value)
  return bound === 0 ? undefined : bound
}

const betweenOf = (value: unknown): Between | undefined =>
  isObject(value) ? { from: boundOf(value["from"]), to: boundOf(value["to"]) } : undefined

const mapOf = (value: unknown): Readonly<Record<string, string>> =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, textOf(each)])) : {}

const betweens = ["created_at", "stored_at", "answered_at", "duration", "talk"]
const numbers = ["page", "size"]
const flags = ["skip_parent", "has_file", "has_transcript", "has_transfer", "missed"]
const texts = ["q", "sort", "number", "direction", "parent_id", "dependency_id"]

// What could not be read into the message at all; undefined where all of it can.
const wrongPart = (raw: Raw): string | undefined => {
  const isWrongNumber = (value: unknown): boolean => isSet(value) && numberOf(value) === undefined
  const isWrongBetween = (value: unknown): boolean =>
    isSet(value) && (!isObject(value) || isWrongNumber(value["from"]) || isWrongNumber(value["to"]))
  const { variables } = raw
  const wrongVariables = isObject(variables)
    ? Object.values(variables).some((value) => typeof value !== "string")
    : isSet(variables)
  if (wrongVariables) return "variables"
  return (
    betweens.find((name) => isWrongBetween(raw[name])) ??
    numbers.find((name) => isWrongNumber(raw[name])) ??
    flags.find((name) => isSet(raw[name]) && flagOf(raw[name]) === undefined) ??
    texts.find((name) => isSet(raw[name]) && typeof raw[name] !== "string")
  )
}

const defaultSize = 40
const largestSize = 20_000

// Outside of the bounds a size becomes the default one, without a word.
const sizeOf = (value: unknown): number => {
  const size = numberOf(value) ?? 0
  return size < 1 || size > largestSize ? defaultSize : size
}

/** Reads a request; a text says which part of it is wrong. */
export const parseSearch = (request: {
  readonly method: string
  readonly query: URLSearchParams
  readonly body: string
}): SearchRequest | string => {
  const raw = request.method === "POST" ? rawOfBody(request.body) : rawOfQuery(request.query)
  if (raw === undefined) return "body"
  const wrong = wrongPart(raw)
  if (wrong !== undefined) return wrong
  return {
    page: Math.max(1, numberOf(raw["page"]) ?? 1),
    size: sizeOf(raw["size"]),
    sort: textOf(raw["sort"]),
    fields: textsOf(raw["fields"]),
    q: textOf(raw["q"]),
    createdAt: betweenOf(raw["created_at"]),
    storedAt: betweenOf(raw["stored_at"]),
    answeredAt: betweenOf(raw["answered_at"]),
    duration: betweenOf(raw["duration"]),
    talk: betweenOf(raw["talk"]),
    userId: textsOf(raw["user_id"]),
    agentId: textsOf(raw["agent_id"]),
    queueId: textsOf(raw["queue_id"]),
    teamId: textsOf(raw["team_id"]),
    gatewayId: textsOf(raw["gateway_id"]),
    id: textsOf(raw["id"]),
    transferFrom: textsOf(raw["transfer_from"]),
    transferTo: textsOf(raw["transfer_to"]),
    cause: textsOf(raw["cause"]),
    tags: textsOf(raw["tags"]),
    parentId: textOf(raw["parent_id"]),
    dependencyId: textOf(raw["dependency_id"]),
    direction: textOf(raw["direction"]),
    number: textOf(raw["number"]),
    variables: mapOf(raw["variables"]),
    skipParent: flagOf(raw["skip_parent"]) ?? false,
    hasFile: flagOf(raw["has_file"]),
    hasTranscript: flagOf(raw["has_transcript"]),
    hasTransfer: flagOf(raw["has_transfer"]),
    missed: flagOf(raw["missed"])
  }
}

/** Whether a request names one of the filters without which the server does not search. */
export const hasMandatoryFilter = (request: SearchRequest): boolean =>
  request.createdAt !== undefined ||
  request.storedAt !== undefined ||
  request.number !== "" ||
  request.q !== "" ||
  request.dependencyId !== "" ||
  request.id.length > 0

/** The filter on `stored_at`: it needs both bounds, else there is none. So does the one on `answered_at`. */
export const bothBounds = (between: Between | undefined): { readonly from: number; readonly to: number } | undefined =>
  between?.from === undefined || between.to === undefined ? undefined : { from: between.from, to: between.to }
