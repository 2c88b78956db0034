import { asObject } from "../structure/workspace.ts"

export interface Count {
  readonly passed: number
  readonly failed: number
}

/**
 * How many tests passed and failed, by vitest's JSON report and the exit code of the run. A run that failed without a
 * failed test in its report (it crashed, a file did not load, an error came after the last test) counts as one failure.
 */
export const countTests = (report: string | undefined, exitCode: number): Count => {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = asObject(parse(report))
  if (typeof numPassedTests !== "number" || typeof numFailedTests !== "number") return { passed: 0, failed: 1 }
  const hasFailedOtherwise = exitCode !== 0 || numFailedTestSuites !== 0 || numPassedTests === 0
  return { passed: numPassedTests, failed: numFailedTests === 0 && hasFailedOtherwise ? 1 : numFailedTests }
}

const parse = (report: string | undefined): unknown => {
  try {
    return JSON.parse(report ?? "")
  } catch {
    return undefined
  }
}
