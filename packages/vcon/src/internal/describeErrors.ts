import * as t from "io-ts"

/** A place and what is wrong there. */
export interface Place {
  readonly path: string
  readonly detail: string
}

/** Each place that the codec refused, once: its path and the type expected there, never the value. */
export const describeErrors = (errors: t.Errors): ReadonlyArray<Place> => {
  const places = errors.map(describeError)
  return places.filter(({ path }, index) => places.findIndex((place) => place.path === path) === index)
}

const describeError = ({ context }: t.ValidationError): Place => {
  // The branches of a union fail each in its own way: the union itself is what was expected.
  const union = context.findIndex(({ type }) => type instanceof t.UnionType)
  const steps = union === -1 ? context : context.slice(0, union + 1)
  const path = steps.map(({ key }, index) => stepOf(key, steps[index - 1]?.type)).join("")
  return { path: path.replace(/^\./, ""), detail: `must be ${steps.at(-1)?.type.name ?? "of another type"}` }
}

const stepOf = (key: string, parent: t.Decoder<never, unknown> | undefined): string => {
  if (parent === undefined) return ""
  const shape: unknown = parent instanceof t.ReadonlyType ? parent.type : parent
  // The keys of a dictionary are not the draft's: they may be anything.
  if (shape instanceof t.DictionaryType) return ".*"
  return /^\d+$/.test(key) ? `[${key}]` : `.${key}`
}
