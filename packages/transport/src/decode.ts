/** io-ts inside Effect. */
import { InvalidResponse } from "@callreel/recording"
import { Effect } from "effect"
import type * as t from "io-ts"
import { quickCheck } from "./internal/quickCheck.ts"

const longestTypeName = 40

interface Step {
  /** As it stands in the path: `[3]`, `.name`, or nothing for a branch of a union or intersection. */
  readonly text: string
  readonly typeName: string
  readonly isUnion: boolean
}

const tagOf = (type: object): unknown => ("_tag" in type ? type._tag : undefined)

const wrappers: ReadonlySet<unknown> = new Set(["ReadonlyType", "ExactType", "RefinementType", "RecursiveType"])

/** The tag of a type beneath those that only wrap it: `t.readonly(t.array(…))` is an array. */
const shapeOf = (type: object): unknown => {
  const tag = tagOf(type)
  if (wrappers.has(tag) && "type" in type && typeof type.type === "object" && type.type !== null) {
    return shapeOf(type.type)
  }
  return tag
}

const stepText = (parent: unknown, key: string): string => {
  switch (parent) {
    case "UnionType":
    case "IntersectionType":
      return ""
    case "ArrayType":
    case "ReadonlyArrayType":
    case "TupleType":
      return `[${key}]`
    case "DictionaryType":
      // The keys of a dictionary come from the vendor: they may be numbers or names of people.
      return ".*"
    default:
      return `.${key}`
  }
}

const stepsOf = (error: t.ValidationError): ReadonlyArray<Step> =>
  error.context.map(({ key, type }, index) => {
    const parent = index === 0 ? undefined : error.context[index - 1]?.type
    return {
      text: parent === undefined ? "" : stepText(shapeOf(parent), key),
      typeName: type.name,
      isUnion: shapeOf(type) === "UnionType"
    }
  })

const pathOf = (steps: ReadonlyArray<Step>): string =>
  steps
    .map((step) => step.text)
    .join("")
    .replace(/^\./, "")

const shorten = (name: string): string =>
  name.length <= longestTypeName ? name : `${name.slice(0, longestTypeName - 1)}…`

const namesAt = (all: ReadonlyArray<ReadonlyArray<Step>>, depth: number): string =>
  shorten([...new Set(all.map((steps) => steps[depth]?.typeName ?? ""))].filter((name) => name !== "").join(" or "))

/** How many leading steps all of them have the same text at, counted from `from`, where all stand in the same union. */
const commonDepth = (all: ReadonlyArray<ReadonlyArray<Step>>, from: number): number => {
  const [first = []] = all
  let depth = from
  while (depth + 1 < first.length && all.every((steps) => steps[depth + 1]?.text === first[depth + 1]?.text)) depth++
  return depth
}

/**
 * The first thing that is wrong: its path and the type that was expected there, never the value. Every branch of a union
 * fails in its own way: such errors are reported at the deepest place that all of them have in common.
 */
const describe = (errors: t.Errors): { readonly path: string; readonly expected: string } => {
  const all = errors.map(stepsOf)
  const first = all.find((steps) => !steps.slice(0, -1).some((step) => step.isUnion)) ?? all[0] ?? []
  const union = first.slice(0, -1).findIndex((step) => step.isUnion)
  if (union === -1) return { path: pathOf(first), expected: shorten(first.at(-1)?.typeName ?? "another type") }
  const prefix = pathOf(first.slice(0, union + 1))
  const branches = all.filter((steps) => steps.length > union && pathOf(steps.slice(0, union + 1)) === prefix)
  const depth = commonDepth(branches, union)
  // A step without text is a branch: the union itself is what was expected.
  const named = first[depth]?.text === "" ? union : depth
  return { path: pathOf(first.slice(0, depth + 1)), expected: namesAt(branches, named) }
}

const isAsItShouldBe = <A>(codec: t.Decoder<unknown, A>, value: unknown): value is A =>
  quickCheck(codec)?.(value) === true

/** Decodes a vendor's JSON. The error names the place (`[3].record_uuid`) and the expected type, never the value. */
export const decode = <A>(codec: t.Decoder<unknown, A>, value: unknown): Effect.Effect<A, InvalidResponse> => {
  // Nearly every answer is as it should be: only of another one must the place be found.
  if (isAsItShouldBe(codec, value)) return Effect.succeed(value)
  const result = codec.decode(value)
  if (result._tag === "Right") return Effect.succeed(result.right)
  const { path, expected } = describe(result.left)
  return Effect.fail(new InvalidResponse({ path, detail: `expected ${expected}` }))
}
