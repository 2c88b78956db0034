import { lineOf, stringEntries } from "./workspace.ts"
import type { Rule, SourceFile, Violation, Workspace } from "./workspace.ts"

const exactVersion = /^\d+\.\d+\.\d+(-[\w.]+)?$/
const wordsOfAReason = 5

/** Every dependency is pinned to one version, and a decision record says why it is there. */
export const dependencyDecisions: Rule = (workspace) => {
  const records = workspace.files.filter(({ path }) => /^docs\/decisions\/[^/]+\.md$/.test(path))
  return pinsOf(workspace).flatMap(({ name, version, path, line }) => [
    ...(exactVersion.test(version)
      ? []
      : [{ path, line, message: `${name}: write one exact version, not ${version}` }]),
    ...(records.some((record) => givesAReason(record, name))
      ? []
      : [
          {
            path,
            line,
            message: `${name}: say in docs/decisions/ why it is there, on a line with its name in \`backticks\``
          }
        ])
  ])
}

interface Pin extends Omit<Violation, "message"> {
  readonly name: string
  readonly version: string
}

/** The catalog, and what the root brings besides it (Node itself). */
const pinsOf = ({ files, manifests, catalog }: Workspace): ReadonlyArray<Pin> => {
  const pin = (path: string, entries: Readonly<Record<string, string>>): ReadonlyArray<Pin> => {
    const text = files.find((file) => file.path === path)?.text ?? ""
    return Object.entries(entries).map(([name, version]) => ({
      name,
      version,
      path,
      line: Math.max(lineOf(text, `  ${name}:`), lineOf(text, `"${name}":`))
    }))
  }
  const root = manifests.find(({ path }) => path === "package.json")
  return [
    ...pin("pnpm-workspace.yaml", catalog),
    ...pin("package.json", stringEntries(root?.content["optionalDependencies"]))
  ]
}

const givesAReason = ({ text }: SourceFile, name: string): boolean =>
  text
    .split("\n")
    .filter((line) => line.includes(`\`${name}\``))
    .some(
      (line) =>
        line
          .replaceAll(/`[^`]*`/g, "")
          .split(/\s+/)
          .filter((word) => /\w{2}/.test(word)).length >= wordsOfAReason
    )
