/** `npm run bench [name]…`: runs the benchmarks and prints one table with the machine's facts. */
import { cpus, totalmem } from "node:os"
import { memory } from "./memory.ts"
import { printTable, type Row } from "./support/table.ts"
import { transport } from "./transport.ts"

const benchmarks: Readonly<Record<string, () => Promise<ReadonlyArray<Row>>>> = { memory, transport }

const names = process.argv.slice(2)
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name))

if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}`)
  process.exitCode = 2
} else {
  const [processor] = cpus()
  const memoryGib = Math.round(totalmem() / 2 ** 30)
  console.log(`Node ${process.version}, ${cpus().length} × ${processor?.model ?? "unknown"}, ${memoryGib} GiB\n`)
  for (const [name, run] of Object.entries(benchmarks)) {
    if (names.length === 0 || names.includes(name)) printTable(name, await run())
  }
}
