#!/usr/bin/env -S node --optimize-for-size
import module from "node:module"
import { readVersion } from "./version.ts"

module.enableCompileCache()

const [only, ...more] = process.argv.slice(2)
if (more.length === 0 && (only === "--version" || only === "-v")) {
  // Without loading anything.
  process.stdout.write(`${readVersion()}\n`)
} else {
  const { runAsProcess } = await import("./runAsProcess.ts")
  await runAsProcess()
}
