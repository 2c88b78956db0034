/**
 * The event in a text: decoded, where it is a JSON object or list, else the text of a form body or query string as it is,
 * without the line's end. Undefined where there is nothing.
 */
export const eventOf = (text: string): unknown => {
  const trimmed = text.replace(/^\ufeff/, "").trim()
  if (trimmed === "") return undefined
  return /^[[{]/.test(trimmed) ? (parsed(trimmed) ?? trimmed) : trimmed
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
