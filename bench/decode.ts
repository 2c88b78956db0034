import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { fork } from "node:child_process"
import type { Measured, Rounds } from "./support/decode/measure.ts"
import { nextMessage } from "./support/nextMessage.ts"
import type { Outcome } from "./support/table.ts"

const Timing = t.type({ contender: t.string, alone: t.number, withParse: t.number })
const Report = t.array(
  t.type({ vendor: t.string, bytes: t.number, recordings: t.number, parse: t.number, timings: t.array(Timing) })
)

const whole: Rounds = { warm: 20, measured: 60 }
const quick: Rounds = { warm: 5, measured: 11 }

/** What we promise: how many times the parsing of the page a contender may take, parsing included. */
const aims: Readonly<Record<string, number>> = { "io-ts": 2, "io-ts and mapping": 4 }

/**
 * What it takes to make recordings of a vendor's page of a thousand rows: our codecs beside equal ones of zod and ajv, and
 * the whole way of a listing, each compared with `JSON.parse` of the same bytes. A contender that accepts what is broken,
 * or a mapping that loses a recording, ends the benchmark. In a process of its own, with our packages compiled.
 */
export const decode = async (options: { readonly quick: boolean }): Promise<Outcome> => {
  const results = await run(options.quick ? quick : whole)
  return {
    tables: [{ title: "decode", columns, rows: results.flatMap(rowsOf) }],
    data: { aims, results },
    broken: [],
    missed: results.flatMap(missedBy)
  }
}

const run = async ({ measured, warm }: Rounds): Promise<ReadonlyArray<Measured>> => {
  const useDist = new URL("./support/useDist.ts", import.meta.url).href
  const child = fork(new URL("./support/decode/run.ts", import.meta.url), [String(warm), String(measured)], {
    execArgv: ["--import", useDist]
  })
  const report = Report.decode(await nextMessage(child))
  if (Either.isLeft(report)) throw new Error("decoding was not measured")
  return report.right
}

const columns = ["page", "by", "ms", "of JSON.parse", "with JSON.parse", "aim"]

const rowsOf = ({ bytes, parse, recordings, timings, vendor }: Measured): ReadonlyArray<ReadonlyArray<string>> => [
  [`${vendor}, ${Math.round(bytes / 1024).toLocaleString("en")} KiB`, "JSON.parse", parse.toFixed(2), "", "1.00 ×", ""],
  ...timings.map(({ alone, contender, withParse }) => [
    vendor,
    contender === "io-ts and mapping" ? `${contender} of ${recordings.toLocaleString("en")} recordings` : contender,
    alone.toFixed(2),
    `${(alone / parse).toFixed(2)} ×`,
    `${(withParse / parse).toFixed(2)} ×`,
    aims[contender] === undefined ? "" : `at most ${aims[contender]} ×`
  ])
]

const missedBy = ({ parse, timings, vendor }: Measured): ReadonlyArray<string> =>
  timings.flatMap(({ contender, withParse }) => {
    const aim = aims[contender] ?? Infinity
    const ratio = withParse / parse
    return ratio <= aim
      ? []
      : [`${vendor}: parsing and ${contender} take ${ratio.toFixed(2)} × JSON.parse, not ${aim} ×`]
  })
