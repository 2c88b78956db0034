#!/usr/bin/env -S node --max-semi-space-size=8
import { setFlagsFromString } from "node:v8"
import { readVersion } from "./version.ts"

// Garbage is collected when the heap has grown by half, not when it has grown by several times its size
// (docs/decisions/0005-memory-of-the-command.md). A version of V8 without this flag goes on without it.
setFlagsFromString("--heap-growing-percent=50")

const [only, ...more] = process.argv.slice(2)
if (more.length === 0 && (only === "--version" || only === "-v")) {
  // Without loading anything.
  process.stdout.write(`${readVersion()}\n`)
} else {
  const { enableCompileCache } = await import("./cache/compileCache.ts")
  await enableCompileCache(process.env)
  const { runAsProcess } = await import("./runAsProcess.ts")
  await runAsProcess()
}
