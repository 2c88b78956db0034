/** Loaded before a measured program: when it ends, writes the most memory that was ever resident, in MiB. */
import { writeFileSync } from "node:fs"
import { mostResident } from "./mostResident.ts"

process.on("exit", () => {
  const file = process.env["CALLREEL_BENCH_REPORT"]
  if (file !== undefined) writeFileSync(file, String(mostResident()))
})
