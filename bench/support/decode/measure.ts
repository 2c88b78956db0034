import { median } from "../table.ts"
import { problemsOf } from "./check.ts"
import { parse, withOtherNumbers } from "./json.ts"
import type { Vendor } from "./Vendor.ts"

/** Milliseconds of one contender, medians: what it does after parsing, and that with the parsing before it. */
export interface Timing {
  readonly contender: string
  readonly alone: number
  readonly withParse: number
}

/** What was measured of a vendor's page. */
export interface Measured {
  readonly vendor: string
  readonly bytes: number
  readonly recordings: number
  /** Milliseconds of `JSON.parse` of the page, with the decoding of its UTF-8. */
  readonly parse: number
  readonly timings: ReadonlyArray<Timing>
}

/** How many rounds are measured, after how many that warm up. */
export interface Rounds {
  readonly warm: number
  readonly measured: number
}

/** The name of the whole way: io-ts, then what a listing makes of it. */
export const wholeWay = "io-ts and mapping"

/** The same of phone numbers that were not seen before: those that were are remembered. */
export const newNumbers = "io-ts and mapping, all numbers new"

/** The contenders in turn, round after round; each parses the page anew. */
export const measure = async (vendor: Vendor, { measured, warm }: Rounds): Promise<Measured> => {
  const { bytes, recordingIds } = await vendor.page()
  const problems = problemsOf(vendor, parse(bytes), recordingIds)
  if (problems.length > 0) throw new Error(problems.join("; "))

  const everybody = [
    ...Object.entries(vendor.decoders),
    [wholeWay, vendor.map] as const,
    [newNumbers, vendor.map] as const
  ]
  const contenders = everybody.map(([contender, read]) => ({
    contender,
    read,
    alone: new Array<number>(),
    withParse: new Array<number>()
  }))
  const parses = new Array<number>()
  for (let round = 0; round < warm + measured; round++) {
    const started = performance.now()
    parse(bytes)
    const parsed = performance.now() - started
    if (round >= warm) parses.push(parsed)
    for (const { alone, contender, read, withParse } of contenders) {
      const page = contender === newNumbers ? withOtherNumbers(bytes, round) : bytes
      const begun = performance.now()
      const value = parse(page)
      const between = performance.now()
      read(value)
      const ended = performance.now()
      if (round < warm) continue
      alone.push(ended - between)
      withParse.push(ended - begun)
    }
  }
  return {
    vendor: vendor.name,
    bytes: bytes.length,
    recordings: recordingIds.size,
    parse: median(parses),
    timings: contenders.map(({ alone, contender, withParse }) => ({
      contender,
      alone: median(alone),
      withParse: median(withParse)
    }))
  }
}
