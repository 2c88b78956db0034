/**
 * What an archive holds of a source, in numbers that can be checked: how many recordings the vendor listed, day by day with
 * a hash of their ids, and where each of them stands. Each proof names the hash of the one before.
 */
import { createHash } from "node:crypto"
import * as t from "io-ts"
import type { Counts } from "./Ledger.ts"

const counts = t.type({
  listed: t.number,
  archived: t.number,
  unavailable: t.record(t.string, t.number),
  pending: t.number,
  failed: t.number,
  suspect: t.number,
  bytes: t.number
})

const slice = t.intersection([
  t.type({ listed: t.number, sha256: t.string }),
  t.partial({ from: t.string, to: t.string })
])

const figures = t.type({ recordings: t.number, bytes: t.number })

/** JSON codec of {@link Proof}. */
export const Proof = t.readonly(
  t.intersection([
    t.type({
      proof: t.literal("callreel/1"),
      source: t.string,
      provider: t.string,
      at: t.string,
      tool: t.string,
      slices: t.readonlyArray(slice)
    }),
    counts,
    t.partial({
      from: t.string,
      to: t.string,
      /** What the vendor counts in the window, and how that differs from what it listed. */
      vendor: t.intersection([figures, t.type({ difference: figures })]),
      /** Of the source's proof before this one: SHA-256 of its bytes, hexadecimal. */
      previous: t.string
    })
  ]),
  "Proof"
)
/** The JSON form of a proof; instants are ISO 8601 text in UTC, sizes are bytes. */
export type Proof = t.TypeOf<typeof Proof>

/** A day of calls: how many recordings were listed, and a hash of which ones. */
export type Slice = t.TypeOf<typeof slice>

/** The hash of a slice: SHA-256 of its ids in the order of their code units, each with a newline. */
export const hashOfIds = (ids: ReadonlyArray<string>): string => {
  const hash = createHash("sha256")
  for (const id of ids.toSorted()) hash.update(`${id}\n`)
  return hash.digest("hex")
}

/** Whether the states add up to what was listed, and the slices too. */
export const addsUp = ({ archived, failed, listed, pending, slices, unavailable }: Proof): boolean =>
  listed === archived + pending + failed + sumOf(Object.values(unavailable)) &&
  listed === sumOf(slices.map((one) => one.listed))

/** The sentence of a proof or a run: `1,204 listed: 1,190 archived, 8 unavailable (5 too-short, 3 expired), …`. */
export const sentenceOf = ({
  archived,
  failed,
  listed,
  pending,
  unavailable
}: Omit<Counts, "bytes" | "erased" | "suspect">): string => {
  const reasons = Object.entries(unavailable).filter(([, number]) => number > 0)
  const why =
    reasons.length === 0 ? "" : ` (${reasons.map(([reason, number]) => `${figure(number)} ${reason}`).join(", ")})`
  const unavailableInAll = sumOf(reasons.map(([, number]) => number))
  return `${figure(listed)} listed: ${figure(archived)} archived, ${figure(unavailableInAll)} unavailable${why}, ${figure(pending)} pending, ${figure(failed)} failed`
}

const figure = (number: number): string => number.toLocaleString("en")

const sumOf = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, number) => sum + number, 0)
