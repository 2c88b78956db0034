import { Effect } from "effect"
import { Invocation } from "../Invocation.ts"

/** Shows how many bytes came, of how many. */
export interface Progress {
  readonly advance: (bytes: number) => Effect.Effect<void>
}

const silent: Progress = { advance: () => Effect.void }

/** A progress bar on stderr while the scope is open; nothing where stderr is no terminal. `total` in bytes, where known. */
export const makeProgress = Effect.fnUntraced(function* (name: string, total: number | undefined) {
  const { isTerminal, stderr } = yield* Invocation
  if (!isTerminal.stderr) return silent
  const { default: cliProgress } = yield* Effect.promise(() => import("cli-progress"))
  const bar = new cliProgress.SingleBar({
    stream: stderr,
    format: total === undefined ? "{name}  {value} bytes" : "{name}  {bar} {percentage}%  {value} of {total} bytes",
    formatValue: (value, _options, type) => (type === "percentage" ? String(value) : value.toLocaleString("en")),
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    // Interruption closes the scope, and that stops the bar.
    gracefulExit: false
  })
  yield* Effect.acquireRelease(
    Effect.sync(() => bar.start(total ?? 0, 0, { name })),
    () => Effect.sync(() => bar.stop())
  )
  const progress: Progress = { advance: (bytes) => Effect.sync(() => bar.increment(bytes)) }
  return progress
})
