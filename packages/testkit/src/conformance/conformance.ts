/**
 * The conformance suite: what every adapter must do, chosen by its capability. For vitest.
 *
 * ```ts
 * const vendor = await startSimulator()
 * afterAll(vendor.close)
 * conformance("my adapter", make({ name: "mine", baseUrl: vendor.baseUrl }), expectationsOf(vendor))
 * ```
 */
import {
  type Capability,
  type RecordingError,
  type RecordingSource,
  type RetryLimit,
  RetryLimits
} from "@callreel/recording"
import { Effect, type Scope } from "effect"
import { describe, it } from "vitest"
import { audioCases } from "./audioCases.ts"
import type { ConformanceCase, Expectations } from "./Case.ts"
import { changesCases } from "./changesCases.ts"
import { listCases } from "./listCases.ts"
import { lookupCases } from "./lookupCases.ts"
import { operationCases } from "./operationCases.ts"

export type { CaseBody, ConformanceCase, ExpectedRecording, Expectations } from "./Case.ts"

/** Every case, in the order in which they run: those that remove recordings last. */
export const conformanceCases: ReadonlyArray<ConformanceCase> = [
  ...listCases,
  ...changesCases,
  ...lookupCases,
  ...audioCases,
  ...operationCases
]

/** How to run the suite. */
export interface ConformanceOptions {
  /** More patience than the default, for a vendor with faults. */
  readonly retryLimits?: RetryLimit
  /** For one case, in milliseconds. Default 20,000. */
  readonly timeout?: number
}

/** Runs one case against a source of its own; dies where the rule does not hold. */
export const runCase = (
  conformanceCase: ConformanceCase,
  makeSource: Effect.Effect<RecordingSource, RecordingError, Scope.Scope>,
  expectations: Expectations,
  { retryLimits }: ConformanceOptions = {}
): Effect.Effect<void, RecordingError> => {
  const run = Effect.scoped(Effect.flatMap(makeSource, (source) => conformanceCase.body(source, expectations)))
  return retryLimits === undefined ? run : Effect.provideService(run, RetryLimits, retryLimits)
}

/** The cases that a capability, and what is known of the world behind it, select. */
export const selectCases = (capability: Capability, expectations: Expectations): ReadonlyArray<ConformanceCase> =>
  conformanceCases.filter(({ selects }) => selects === undefined || selects(capability, expectations))

/** Declares the suite: one vitest test for each case that is selected. */
export const conformance = (
  name: string,
  makeSource: Effect.Effect<RecordingSource, RecordingError, Scope.Scope>,
  expectations: Expectations,
  options: ConformanceOptions = {}
): void => {
  describe(`${name} conforms`, async () => {
    const { capability } = await Effect.runPromise(Effect.scoped(makeSource))
    for (const conformanceCase of selectCases(capability, expectations)) {
      it(`${conformanceCase.number} ${conformanceCase.name}`, { timeout: options.timeout ?? 20_000 }, () =>
        Effect.runPromise(runCase(conformanceCase, makeSource, expectations, options))
      )
    }
  })
}
