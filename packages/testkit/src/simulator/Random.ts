/**
 * Chance that can be repeated: the same seed gives the same numbers on every machine.
 *
 * `fork(name)` depends on the seed and the name only, not on what was drawn before, so that the order in which parts of a
 * simulator draw does not matter.
 */
export interface Random {
  readonly fork: (name: string | number) => Random
  /** At least 0, below 1. */
  readonly next: () => number
  /** A whole number from `least` to `most`, both included. */
  readonly integer: (least: number, most: number) => number
  /** True in the given share (0 to 1) of the cases. */
  readonly chance: (share: number) => boolean
  /** One of the items. There must be one. */
  readonly pick: <const A>(items: readonly [A, ...ReadonlyArray<A>]) => A
  /** So many lower-case hexadecimal digits. */
  readonly hex: (digits: number) => string
}

const fnvPrime = 0x01000193
const otherPrime = 0x01000197

// FNV-1a over the UTF-16 units, carried on from a parent's hash.
const hash = (text: string, start: number, prime: number): number => {
  let value = start
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), prime)
  return value
}

// The finalizer of MurmurHash3 spreads neighbouring inputs over all of the range.
const mix = (value: number): number => {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

// Two words of state: with one, two of a few hundred thousand forks would be sure to be the same, and so their ids.
const fromState = (left: number, right: number): Random => {
  let counter = left
  const word = (): number => {
    counter = (counter + 0x9e3779b9) | 0
    return mix(counter ^ mix(counter + right))
  }
  const next = (): number => word() / 0x1_0000_0000
  return {
    fork: (name) => fromText(String(name), left, right),
    next,
    integer: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    hex: (digits) => {
      let text = ""
      while (text.length < digits) text += word().toString(16).padStart(8, "0")
      return text.slice(0, digits)
    }
  }
}

const fromText = (text: string, left: number, right: number): Random =>
  fromState(mix(hash(text, left ^ 0x811c9dc5, fnvPrime)), mix(hash(text, right ^ 0x2545f491, otherPrime)))

/** Chance from a seed: any text. */
export const makeRandom = (seed: string): Random => fromText(seed, 0, 0)
