import * as Either from "fp-ts/lib/Either.js"
import { contentProblems } from "./internal/contentRules.ts"
import { describeErrors } from "./internal/describeErrors.ts"
import { dialogProblems } from "./internal/dialogRules.ts"
import { documentProblems } from "./internal/documentRules.ts"
import { normalise } from "./internal/normalise.ts"
import { placeProblems } from "./internal/placeRules.ts"
import { type Problem, problem } from "./internal/problem.ts"
import type { ReadOptions } from "./parseVcon.ts"
import { Vcon } from "./Vcon.ts"

export type { Problem, RuleName } from "./internal/problem.ts"

/**
 * What is wrong with a vCon by the draft, given as decoded JSON (or as `Vcon`); nothing where it is right. Names of older
 * drafts are problems of their own (`renamed`) and are understood otherwise. Where the shape is wrong, only that is said.
 */
export const validateVcon = (value: unknown, options: ReadOptions = {}): ReadonlyArray<Problem> => {
  const today = normalise(value)
  const renamed = today.renamed.map(({ path, to }) => problem("renamed", path, `is called ${to} today`))
  const decoded = Vcon.decode(today.value)
  if (Either.isLeft(decoded)) {
    return [...renamed, ...describeErrors(decoded.left).map(({ path, detail }) => problem("shape", path, detail))]
  }
  const vcon = decoded.right
  return [
    ...renamed,
    ...documentProblems(vcon, options.extensions ?? []),
    ...contentProblems(vcon),
    ...dialogProblems(vcon),
    ...placeProblems(vcon)
  ]
}
