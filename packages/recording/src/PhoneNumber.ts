import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/max"
import { kept } from "./internal/kept.ts"

export type { CountryCode }

/** A region as ISO 3166 two letters (`RU`, `US`, `UA`), or undefined where libphonenumber does not know it. */
export const asRegion = (text: string): CountryCode | undefined => (isSupportedCountry(text) ? text : undefined)

// What people and switches write between digits. Anything else (letters, `*`, `#`, a mask's X) is no subscriber number.
const dialable = /^\+?[\d\s().-]+$/

// A company's own numbers, extensions and regular callers come over and over, and libphonenumber takes 4 to 10 µs for each.
const mostNumbers = 5_000

// With a plus the number claims to be E.164: its length and country must allow it. A range that the numbering plan has not
// handed out is still the number that was dialled.
const possible = kept(mostNumbers, (number): string | undefined => {
  const parsed = parsePhoneNumberFromString(number, { extract: false })
  return parsed?.isPossible() === true ? parsed.number : undefined
})

const regions = new Map<CountryCode, (number: string) => string | undefined>()

/** The numbers that are valid in a region. */
const validIn = (region: CountryCode): ((number: string) => string | undefined) => {
  const known =
    regions.get(region) ??
    kept(mostNumbers, (number) => {
      const parsed = parsePhoneNumberFromString(number, { defaultCountry: region, extract: false })
      return parsed?.isValid() === true ? parsed.number : undefined
    })
  regions.set(region, known)
  return known
}

/**
 * The E.164 form (`+74999610999`) of a number as a vendor wrote it, only where it is certain; else undefined.
 *
 * A number with `+` speaks for itself. One without is read as people of the source's default region dial it (national,
 * with trunk prefix, or international without its plus), and must be one that the region's numbering plan has.
 */
export const toE164 = (number: string, region?: CountryCode): string | undefined => {
  const text = number.trim()
  if (!dialable.test(text)) return undefined
  if (text.startsWith("+")) return possible(text)
  return region === undefined ? undefined : validIn(region)(text)
}

/** Whether two numbers are the same as written, or by E.164. */
export const sameNumber = (left: string, right: string, region?: CountryCode): boolean => {
  if (left === right) return true
  const leftE164 = toE164(left, region)
  return leftE164 !== undefined && leftE164 === toE164(right, region)
}
