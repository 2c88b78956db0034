/**
 * Text as databases keep it, and back. Pure. Ids come from vendors: PostgreSQL has no place for the character NUL, and
 * halves of a surrogate pair are no UTF-8, so that two ids would become one. All else is kept as it is, readable in SQL.
 */

/** SUBSTITUTE: stands for what cannot be written, and so for itself too. */
const escape = "\u001a"

/** What is written differently: NUL, {@link escape} and, in text that has such, halves of surrogate pairs. */
const written = /[\0\u001a]/g
const writtenOrHalf = /[\0\u001a]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The text as it is stored: each text has one form, and no two texts have the same. */
export const storedText = (text: string): string => {
  if (!text.isWellFormed()) return text.replaceAll(writtenOrHalf, codeOf)
  // Hardly any text has such, and to look for them one by one is much quicker.
  return text.includes("\0") || text.includes(escape) ? text.replaceAll(written, codeOf) : text
}

/** The text that was stored. */
export const textOf = (stored: string): string =>
  stored.includes(escape)
    ? stored.replaceAll(/\u001a([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : stored

const codeOf = (character: string): string => `${escape}${character.charCodeAt(0).toString(16).padStart(4, "0")}`
