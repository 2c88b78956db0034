/**
 * `npm run bench -- [name]… [--quick] [--json] [--output FILE]`: runs the benchmarks and prints their tables as they come,
 * or with `--json` all figures in the end; `--output` writes those to a file beside. `--quick`: a small variant of each,
 * that shows that it works. Exits 1 where figures break a promise of ours, or a benchmark does not come to its end.
 */
import { writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { benchmarks } from "./benchmarks.ts"
import { names } from "./names.ts"
import { machineNow, machineText } from "./support/machine.ts"
import { printed } from "./support/table.ts"

const { positionals: asked, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    output: { type: "string" }
  }
})
const unknown = asked.filter((name) => !Object.hasOwn(benchmarks, name))

if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${names.join(", ")}`)
  process.exitCode = 2
} else {
  const say = values.json ? () => {} : (text: string) => console.log(`${text}\n`)
  const machine = machineNow()
  say(machineText(machine))
  const figures: Record<string, unknown> = {}
  const seconds: Record<string, number> = {}
  const started = performance.now()
  for (const name of names) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const began = performance.now()
    try {
      const { broken, data, missed = [], tables } = await benchmarks[name]({ quick: values.quick })
      figures[name] = data
      say(printed(name, tables))
      for (const aim of missed) say(`missed aim: ${aim}`)
      for (const promise of broken) console.error(`broken promise: ${promise}`)
      if (broken.length > 0) process.exitCode = 1
    } catch (error) {
      console.error(`${name} did not come to its end:`, error)
      process.exitCode = 1
    }
    seconds[name] = Math.round((performance.now() - began) / 100) / 10
  }
  const total = (performance.now() - started) / 1000
  const each = Object.entries(seconds).map(([name, taken]) => `${name} ${taken.toFixed(0)} s`)
  say(`${total.toFixed(0)} s in all: ${each.join(", ")}`)
  const json = JSON.stringify({ machine, quick: values.quick, seconds: { ...seconds, total }, figures }, undefined, 2)
  if (values.json) console.log(json)
  if (values.output !== undefined) await writeFile(values.output, `${json}\n`)
}
