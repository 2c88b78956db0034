import { formatViolation, makeWorkspace } from "./workspace.ts"
import type { Rule } from "./workspace.ts"

/** The files of a made-up repository; a manifest may be given as an object. */
export type Files = Readonly<Record<string, string | object>>

/** What a rule says about a made-up repository, one line per violation. For the rules' tests. */
export const violationsOf = (
  rule: Rule,
  files: Files,
  packagesWithoutExports: ReadonlyArray<string> = []
): ReadonlyArray<string> => {
  const sources = Object.entries(files).map(([path, content]) => ({
    path,
    text: typeof content === "string" ? content : JSON.stringify(content, null, 2)
  }))
  return rule(makeWorkspace(sources, new Set(packagesWithoutExports))).map(formatViolation)
}

/** package.json files of packages with the names callreel gives them. */
export const packages = (...folders: ReadonlyArray<string>): Files =>
  Object.fromEntries(
    folders.map((folder) => [
      `packages/${folder}/package.json`,
      { name: folder === "cli" ? "callreel" : `@callreel/${folder}` }
    ])
  )
