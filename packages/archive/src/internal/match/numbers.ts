/** Telephone numbers as two systems write them: with or without country code, trunk prefix and punctuation. Pure. */
import type { Party } from "@callreel/recording"

/** A number to be compared: its digits, and whether they are the whole international number. */
export interface ComparedNumber {
  readonly digits: string
  readonly isE164: boolean
}

/** What two numbers say of each other. */
export type Agreement = "same" | "different" | "unknown"

/** Shorter numbers are extensions: two systems may count them differently. */
const shortestPublic = 7

/** What is put before national numbers (`8`, `0`, `1`) is one digit. */
const trunkPrefix = 1

/** The number of an end of a call; undefined where it is unknown, withheld or masked. */
export const comparedNumber = (party: Party | undefined): ComparedNumber | undefined => {
  if (party?.e164 !== undefined) return { digits: digitsOf(party.e164), isE164: true }
  const text = (party?.number ?? party?.extension?.number ?? "").trim()
  const digits = digitsOf(text)
  return digits !== "" && /^\+?[\d\s().-]+$/.test(text) ? { digits, isE164: false } : undefined
}

/**
 * Whether two numbers are the same: by E.164 where both have it, else by their last digits, seven at least and as many as
 * both have beside a trunk prefix. Short numbers can confirm, but never exclude.
 */
export const compareNumbers = (left: ComparedNumber | undefined, right: ComparedNumber | undefined): Agreement => {
  if (left === undefined || right === undefined) return "unknown"
  if (left.digits === right.digits) return "same"
  const shorter = Math.min(left.digits.length, right.digits.length)
  if (shorter < shortestPublic) return "unknown"
  if (left.isE164 && right.isE164) return "different"
  const compared = Math.max(shortestPublic, shorter - trunkPrefix)
  return left.digits.slice(-compared) === right.digits.slice(-compared) ? "same" : "different"
}

/** Numbers that are the same have the same tail. */
export const tailOf = ({ digits }: ComparedNumber): string => digits.slice(-shortestPublic)

const digitsOf = (text: string): string => text.replaceAll(/\D/g, "")
