import { describe, expect, it } from "vitest"
import { countTests } from "./countTests.ts"

const report = (numPassedTests: number, numFailedTests: number, numFailedTestSuites = 0): string =>
  JSON.stringify({ numPassedTests, numFailedTests, numFailedTestSuites })

describe("countTests", () => {
  it.each([
    ["all tests pass", report(12, 0), 0, { passed: 12, failed: 0 }],
    ["tests fail", report(12, 3, 2), 1, { passed: 12, failed: 3 }],
    ["a file does not load", report(12, 0, 1), 1, { passed: 12, failed: 1 }],
    ["an error comes after the last test", report(12, 0), 1, { passed: 12, failed: 1 }],
    ["no test ran", report(0, 0), 0, { passed: 0, failed: 1 }],
    ["there is no report", undefined, 1, { passed: 0, failed: 1 }],
    ["there is no report of a run that says it is well", undefined, 0, { passed: 0, failed: 1 }],
    ["the report is cut off", report(12, 0).slice(0, 20), 0, { passed: 0, failed: 1 }]
  ])("when %s", (_, text, exitCode, expected) => {
    expect(countTests(text, exitCode)).toEqual(expected)
  })
})
