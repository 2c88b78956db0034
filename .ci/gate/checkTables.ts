/** `node .ci/gate/checkTables.ts OUTPUT` exits with 1, and names them, where benchmarks printed no table. */
import { readFileSync } from "node:fs"
import { names } from "../../bench/names.ts"
import { missingTables } from "./missingTables.ts"

const [path = ""] = process.argv.slice(2)
const missing = missingTables(readFileSync(path, "utf8"), names)
if (missing.length > 0) {
  console.error(`no table of ${missing.join(", ")}`)
  process.exitCode = 1
}
