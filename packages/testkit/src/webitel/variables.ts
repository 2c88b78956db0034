/** The payload of a leg: values of any JSON type, which the API tells as text. */
import type { Random } from "../simulator/Random.ts"
import { isObject, type JsonObject, type JsonValue } from "./Json.ts"

/** A payload as flows set it; a third of the calls has none. */
export const makeVariables = (random: Random): JsonObject => {
  if (random.chance(0.33)) return {}
  return {
    Company: random.hex(8),
    ...(random.chance(0.5) ? { priority: random.integer(1, 9) } : {}),
    ...(random.chance(0.3) ? { vip: random.chance(0.5) } : {}),
    ...(random.chance(0.2) ? { note: 'передзвонити: "після 18:00", Ґанна' } : {}),
    ...(random.chance(0.2) ? { topics: ["billing", "delivery"] } : {})
  }
}

// As the language the server is written in prints a value: maps sorted by key, nothing quoted.
const printed = (value: unknown): string => {
  if (value === null || value === undefined) return "<nil>"
  if (Array.isArray(value)) return `[${value.map(printed).join(" ")}]`
  if (isObject(value)) {
    const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
    return `map[${entries.map(([key, each]) => `${key}:${printed(each)}`).join(" ")}]`
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : ""
}

/** A value of a payload as the API tells it: lists joined by comma and space. */
export const variableText = (value: JsonValue): string =>
  Array.isArray(value) ? value.map(printed).join(", ") : printed(value)

/** A payload as the API tells it. */
export const variableTexts = (variables: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, variableText(value)]))
