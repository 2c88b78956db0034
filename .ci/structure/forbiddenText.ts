import { lineAt } from "./workspace.ts"
import type { Rule } from "./workspace.ts"

interface ForbiddenText {
  readonly pattern: RegExp
  readonly message: string
}

const forbidden: ReadonlyArray<ForbiddenText> = [
  {
    pattern: /\.\.\/shared\b/g,
    message: "a path outside this repository: the project stands alone, so bring what is needed into it"
  },
  {
    pattern: /\bregistry\.[a-z0-9-]+\.[a-z]{2,}\b|\bnpm\.pkg\.github\.com\b|^\s*(@[\w-]+:)?registry\s*=/gim,
    message: "a package registry's host: which registry serves the packages is the user's setting, remove it"
  },
  {
    pattern: /(?<![\w.~%}-])\/(?:root|home|work)\/[\w.]/g,
    message: "an absolute path of one machine: make it relative, or use the system's temporary folder"
  }
]

/** Nothing in the repository depends on the machine or the folder it was written in. */
export const forbiddenText: Rule = ({ files }) =>
  files.flatMap(({ path, text }) =>
    forbidden.flatMap(({ pattern, message }) =>
      [...text.matchAll(pattern)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        message: `"${match[0].trim()}" is ${message}`
      }))
    )
  )
