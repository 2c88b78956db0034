import type { SyncProgress } from "@callreel/archive"
import { Clock, Effect, type Scope } from "effect"
import { Invocation } from "../Invocation.ts"
import { sizeText } from "./sizeText.ts"

/** Shows how far a run is: a line a source on a terminal, nothing elsewhere. Ends with the scope. */
export const makeSyncProgress: Effect.Effect<
  (progress: SyncProgress) => Effect.Effect<void>,
  never,
  Invocation | Scope.Scope
> = Effect.gen(function* () {
  const { isTerminal, stderr } = yield* Invocation
  if (!isTerminal.stderr) return (_: SyncProgress) => Effect.void
  const { default: cliProgress } = yield* Effect.promise(() => import("cli-progress"))
  const bars = new cliProgress.MultiBar({
    stream: stderr,
    format: "{source}  {bar} {text}",
    barsize: 20,
    hideCursor: true,
    clearOnComplete: false,
    gracefulExit: false
  })
  yield* Effect.addFinalizer(() => Effect.sync(() => bars.stop()))
  const shown = new Map<string, { readonly bar: ReturnType<typeof bars.create>; readonly begun: number }>()
  return (progress: SyncProgress) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const { source } = progress
      const known = shown.get(source) ?? { bar: bars.create(1, 0, { source, text: "" }), begun: now }
      shown.set(source, known)
      known.bar.setTotal(Math.max(1, progress.due))
      known.bar.update(progress.phase === "done" ? Math.max(1, progress.due) : progress.tried, {
        source,
        text: progressText(progress, (now - known.begun) / 1000)
      })
    })
})

/** Where a source is, in words: `fetching 310 of 1,204, 12.3 a second, 73 s left, 91.2 MB`. */
export const progressText = (progress: SyncProgress, seconds: number): string => {
  const { archived, due, listed, phase, tried } = progress
  switch (phase) {
    case "listing":
      return `listing: ${figure(listed)} listed`
    case "fetching": {
      const rate = seconds > 0 ? tried / seconds : 0
      const left = rate > 0 ? `, ${Math.ceil((due - tried) / rate)} s left` : ""
      return `fetching ${figure(tried)} of ${figure(due)}, ${figure(archived)} archived, ${rate.toFixed(1)} a second${left}, ${sizeText(progress.bytes)} in all`
    }
    case "proving":
      return "proving"
    case "done":
      return `done: ${figure(listed)} listed, ${figure(archived)} archived`
  }
}

const figure = (number: number): string => number.toLocaleString("en")
