import { Clock, Effect } from "effect"
import { Output } from "../output/Output.ts"
import type { Failure } from "./Failure.ts"
import { reportOf, toJsonLine, toText } from "./report.ts"

/** Prints failures to stderr: one JSON line each, or text. */
export const reporter =
  (json: boolean) =>
  (failure: Failure): Effect.Effect<void, never, Output> =>
    Effect.gen(function* () {
      const report = reportOf(failure, new Date(yield* Clock.currentTimeMillis))
      yield* (yield* Output).note(json ? toJsonLine(report) : toText(report))
    })
