import { constants } from "node:os"
import { ExitCode } from "./failure/exitCode.ts"
import { scrub } from "./failure/scrub.ts"
import type { Providers } from "./providers.ts"
import { runCallreel } from "./runCallreel.ts"

/**
 * Runs the command as this process: signals interrupt it, and its exit code is the process's. With other providers, it
 * is the command of a program that brings its own adapters.
 */
export const runAsProcess = async (options: { readonly providers?: Providers } = {}): Promise<void> => {
  const interruption = new AbortController()
  let signalNumber: number | undefined
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      // Whoever asks twice does not want to wait for the closing.
      if (signalNumber !== undefined) process.exit(128 + signalNumber)
      signalNumber = constants.signals[name]
      interruption.abort()
    })
  }
  // Outside every Effect, so that nothing knows what to close: say it and end.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`callreel: unexpected error: ${scrub(String(error), [])}\n`)
    process.exit(ExitCode.unexpected)
  })
  // A fiber that waits for another holds nothing that Node knows of; without this the process would end beneath it.
  setInterval(() => {}, 2 ** 31 - 1)
  const code = await runCallreel({ ...options, argv: process.argv.slice(2), signal: interruption.signal })
  // Everything is written and closed; connections that are kept alive would hold the process up.
  process.exit(code === ExitCode.interrupted && signalNumber !== undefined ? 128 + signalNumber : code)
}
