/** A leg's payload → its variables as the history tells them: text, whatever the values are. Pure. */

/** The variables of a payload; undefined where it has none. */
export const variableTexts = (payload: unknown): Readonly<Record<string, string>> | undefined => {
  if (!isObject(payload)) return undefined
  const entries = Object.entries(payload).map(([key, value]) => [key, textOf(value)] as const)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** A list is joined, anything else printed. */
const textOf = (value: unknown): string => (Array.isArray(value) ? value.map(printed).join(", ") : printed(value))

/** As Go prints a value, which is what the server is written in: maps in order of their keys, nothing quoted. */
const printed = (value: unknown): string => {
  if (value === null || value === undefined) return "<nil>"
  if (Array.isArray(value)) return `[${value.map(printed).join(" ")}]`
  if (isObject(value)) {
    const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
    return `map[${entries.map(([key, each]) => `${key}:${printed(each)}`).join(" ")}]`
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : ""
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
