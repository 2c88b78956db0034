/** Query parameters, checked: what is wrong is refused with the parameter's name. */
import type { Answer } from "../simulator/Answer.ts"
import { invalidParameter } from "./errors.ts"

/** A value read from a query, or the refusal. */
export type Parsed<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly refusal: Answer }

const good = <A>(value: A): Parsed<A> => ({ ok: true, value })
const bad = (name: string, value: string): { readonly ok: false; readonly refusal: Answer } => ({
  ok: false,
  refusal: invalidParameter(name, value)
})

const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/

/** An instant in milliseconds since the epoch: ISO 8601 with a time zone, nothing else. */
export const parseInstant = (text: string): number | undefined => {
  const instant = isoWithZone.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(instant) ? undefined : instant
}

/** An instant, or undefined where the parameter is absent. */
export const instantIn = (query: URLSearchParams, name: string): Parsed<number | undefined> => {
  const text = query.get(name)
  if (text === null) return good(undefined)
  const instant = parseInstant(text)
  return instant === undefined ? bad(name, text) : good(instant)
}

/** `true` or `false`. */
export const booleanIn = (query: URLSearchParams, name: string, otherwise: boolean): Parsed<boolean> => {
  const text = query.get(name)
  if (text === null) return good(otherwise)
  return text === "true" || text === "false" ? good(text === "true") : bad(name, text)
}

/** A whole number from 1 on; a larger one than `most` is taken for that. */
export const countIn = (query: URLSearchParams, name: string, most: number): Parsed<number | undefined> => {
  const text = query.get(name)
  if (text === null) return good(undefined)
  return /^[1-9]\d{0,8}$/.test(text) ? good(Math.min(Number(text), most)) : bad(name, text)
}

/** One of some words. */
export const wordIn = <const A extends string>(
  query: URLSearchParams,
  name: string,
  words: ReadonlyArray<A>
): Parsed<A | undefined> => {
  const text = query.get(name)
  if (text === null) return good(undefined)
  const word = words.find((each) => each === text)
  return word === undefined ? bad(name, text) : good(word)
}

/** Any of some words, the parameter once for each; empty where it is absent. */
export const wordsIn = <const A extends string>(
  query: URLSearchParams,
  name: string,
  words: ReadonlyArray<A>
): Parsed<ReadonlyArray<A>> => {
  const found: Array<A> = []
  for (const text of query.getAll(name)) {
    const word = words.find((each) => each === text)
    if (word === undefined) return bad(name, text)
    found.push(word)
  }
  return good(found)
}
