/**
 * `npm run check`: types, lint, format and structure. Every step runs, also after another has failed; one line each, and
 * what a failed step said below its line. Exits 1 when any failed.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { readWorkspace } from "./structure/readWorkspace.ts"
import { rules } from "./structure/rules.ts"
import { formatViolation } from "./structure/workspace.ts"

const root = join(import.meta.dirname, "..")

interface Step {
  readonly name: string
  /** What was wrong; empty when nothing was. */
  readonly run: () => string
}

/** Runs one tool of node_modules/.bin after another and stops at the first that fails. */
const tools =
  (...commands: ReadonlyArray<readonly [tool: string, ...parameters: ReadonlyArray<string>]>) =>
  (): string => {
    for (const [tool, ...parameters] of commands) {
      const { status, stdout, stderr, error } = spawnSync(join(root, "node_modules/.bin", tool), parameters, {
        cwd: root,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024
      })
      if (error !== undefined) return `${tool}: ${error.message}`
      if (status !== 0) return `${stdout}${stderr}`.trim() || `${tool} exited with ${status}`
    }
    return ""
  }

const structure = (): string => {
  const workspace = readWorkspace(root)
  return Object.entries(rules)
    .flatMap(([name, rule]) => rule(workspace).map((violation) => `${formatViolation(violation)} (${name})`))
    .join("\n")
}

const steps: ReadonlyArray<Step> = [
  { name: "types", run: tools(["effect-tsgo", "patch"], ["tsc", "-b"]) },
  { name: "lint", run: tools(["oxlint"]) },
  { name: "format", run: tools(["oxfmt", "--check"]) },
  { name: "structure", run: structure }
]

const attempt = ({ run }: Step): string => {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

const failed = steps.filter((step) => {
  const start = performance.now()
  const problems = attempt(step)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${problems === "" ? "pass" : "FAIL"}  ${step.name.padEnd(10)} ${seconds} s`)
  if (problems !== "") console.log(problems.replaceAll(/^/gm, "      "))
  return problems !== ""
})

process.exitCode = failed.length === 0 ? 0 : 1
