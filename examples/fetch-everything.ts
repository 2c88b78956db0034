/**
 * Everything of a period, off every source of a callreel.json, verified, into a folder:
 *
 * `node_modules/.bin/tsx examples/fetch-everything.ts callreel.json 2026-01-01 2026-04-01 ./recordings`
 *
 * Run it again after a failure: whole files are replaced by the same, and nothing half is ever left.
 */
import { parseDayOrInstant } from "@callreel/recording"
import { Effect } from "effect"
import { fetchEverything } from "./support/fetchEverything.ts"

const [config, fromText = "", toText = "", folder] = process.argv.slice(2)
const [from, to] = [parseDayOrInstant(fromText), parseDayOrInstant(toText)]

if (config === undefined || from === undefined || to === undefined || folder === undefined) {
  console.error("usage: fetch-everything.ts CALLREEL.JSON FROM TO FOLDER (dates such as 2026-01-01; TO is exclusive)")
  process.exitCode = 2
} else {
  const { failed } = await Effect.runPromise(fetchEverything({ config, window: { from, to }, folder }))
  process.exitCode = failed > 0 ? 7 : 0
}
