/** `node .ci/gate/printCount.ts REPORT EXIT_CODE` prints how many tests passed and failed: `12 0`. */
import { existsSync, readFileSync } from "node:fs"
import { countTests } from "./countTests.ts"

const [path = "", exitCode = "1"] = process.argv.slice(2)
const { passed, failed } = countTests(existsSync(path) ? readFileSync(path, "utf8") : undefined, Number(exitCode))
console.log(`${passed} ${failed}`)
