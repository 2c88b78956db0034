/**
 * `npm run bench -- [name]… [--quick] [--json]`: runs the benchmarks and prints tables, or JSON, with the machine's facts.
 * `--quick`: the small variant of those that have one (quota). Exits 1 where figures break a promise of ours.
 */
import { cpus, loadavg, totalmem } from "node:os"
import { parseArgs } from "node:util"
import { changes } from "./changes.ts"
import { files } from "./files.ts"
import { growth } from "./growth.ts"
import { memory } from "./memory.ts"
import { quota } from "./quota.ts"
import { outcomeOf, type Outcome, printTable } from "./support/table.ts"
import { transport } from "./transport.ts"

const benchmarks: Readonly<Record<string, (options: { readonly quick: boolean }) => Promise<Outcome>>> = {
  memory: async () => outcomeOf("memory", await memory()),
  transport: async () => outcomeOf("transport", await transport()),
  quota,
  changes: async (options) => outcomeOf("changes", await changes(options)),
  files,
  growth: async (options) => outcomeOf("growth", await growth(options))
}

/** Others' work (load: processes that wanted a processor in the last minute) makes every time longer. */
const machineText = (): string => {
  const [processor] = cpus()
  const [load = Number.NaN] = loadavg()
  const memoryGib = Math.round(totalmem() / 2 ** 30)
  return `Node ${process.version}, ${cpus().length} × ${processor?.model ?? "unknown"}, ${memoryGib} GiB, load ${load.toFixed(1)}`
}

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, json: { type: "boolean", default: false } }
})
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name))

if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}`)
  process.exitCode = 2
} else {
  const machine = machineText()
  if (!values.json) console.log(`${machine}\n`)
  const figures: Record<string, unknown> = {}
  for (const [name, run] of Object.entries(benchmarks)) {
    if (names.length > 0 && !names.includes(name)) continue
    const { broken, data, tables } = await run({ quick: values.quick })
    figures[name] = data
    if (!values.json) tables.forEach(printTable)
    for (const promise of broken) console.error(`broken promise: ${promise}`)
    if (broken.length > 0) process.exitCode = 1
  }
  if (values.json) console.log(JSON.stringify({ machine, figures }, undefined, 2))
}
