/**
 * What the history is asked for, and what is looked for in its rows, where calls with a number are wanted
 * (docs/vendors/webitel.md#listing). The history takes a POSIX expression, over all numbers of a leg and of the legs around
 * it, joined by `|`. Pure.
 */
import { type CountryCode, sameNumber, toE164 } from "@callreel/recording"
import type { HistoryCall } from "./wire.ts"

/** Characters of a number that are looked for, its last ones: an expression must not become too long for the server. */
const mostCharacters = 40

/**
 * An expression, valid in PostgreSQL, that matches wherever a number stands that equals this one as written or by E.164, and
 * may match elsewhere.
 */
export const numberPattern = (number: string, region?: CountryCode): string => {
  const e164 = toE164(number, region)
  return e164 === undefined ? writtenPattern(number) : Array.from(sharedDigits(e164)).join("[^0-9|]*")
}

/**
 * The digits that all spellings of a number end with. In front of the last six they differ by country code, trunk prefix, an
 * area code left out, and, in Argentina, a 15 between area and subscriber. Country code and area have four digits at least
 * where subscribers have fewer than six.
 */
const sharedDigits = (e164: string): string => e164.slice(-Math.max(1, Math.min(6, e164.length - "+1234".length)))

/** What is no number of E.164 equals only itself. Characters that may hide others match whatever they hide. */
const writtenPattern = (text: string): string =>
  Array.from(text).slice(-mostCharacters).join("").replaceAll(special, escaped)

// Asterisks stand for digits that the user may not see; no text of a database has zeros and halves of pairs.
const special = /\*+|[\0\p{Surrogate}]|[\\^$.[\]|()+?{}]/gu

const escaped = (found: string): string => {
  if (found.startsWith("*")) return "[^|]*"
  return /[\0\p{Surrogate}]/u.test(found) ? "[^|]" : `\\${found}`
}

/** Whether one of the two ends of a call, by its first leg, has the number, as written or by E.164. */
export const hasNumber = ({ destination, from, to }: HistoryCall, wanted: string, region?: CountryCode): boolean =>
  [from?.number, to?.number || destination].some((number) => {
    if (!number) return false
    const e164 = toE164(number, region)
    return sameNumber(number, wanted, region) || (e164 !== undefined && sameNumber(e164, wanted, region))
  })
