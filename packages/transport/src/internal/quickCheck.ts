/**
 * A quick check made of a codec. It makes nothing, neither results nor the places of errors, and looks at the keys that an
 * object has, where io-ts looks for every one that it might have.
 */

/** Whether a value of JSON is as a codec says. Where it is not, and in doubt, the answer is no. */
export type Check = (value: unknown) => boolean

/**
 * The check of a codec, made at its first use: what passes, the codec decodes to the same value. Undefined where decoding
 * may give something else (drops keys, reads text as an instant), and for kinds of codecs that are not known here: told by
 * what io-ts' constructors leave in a codec.
 */
export const quickCheck = (codec: unknown): Check | undefined => {
  if (!isObject(codec)) return undefined
  if (!checks.has(codec)) checks.set(codec, make(codec))
  return checks.get(codec)
}

const checks = new WeakMap<object, Check | undefined>()

const make = (codec: object): Check | undefined => {
  switch (at(codec, "_tag")) {
    case "StringType":
      return isString
    case "NumberType":
      return (value) => typeof value === "number"
    case "BooleanType":
      return (value) => typeof value === "boolean"
    case "NullType":
      return (value) => value === null
    case "UnknownType":
      return () => true
    case "ReadonlyType":
      return quickCheck(at(codec, "type"))
    case "RefinementType":
      return refined(quickCheck(at(codec, "type")), at(codec, "predicate"))
    case "UnionType":
      return either(partsOf(codec).map(quickCheck))
    case "ArrayType":
    case "ReadonlyArrayType":
      return arrayOf(quickCheck(at(codec, "type")))
    case "DictionaryType":
      // One whose keys are not just any text drops the others.
      return quickCheck(at(codec, "domain")) === isString ? dictionaryOf(quickCheck(at(codec, "codomain"))) : undefined
    case "InterfaceType":
    case "PartialType":
    case "IntersectionType":
      return objectOf(keysOf(codec))
    default:
      return undefined
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const isDictionary = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && !Array.isArray(value)

const isString: Check = (value) => typeof value === "string"

const isPredicate = (value: unknown): value is Check => typeof value === "function"

const at = (codec: object, key: string): unknown => Reflect.get(codec, key)

const partsOf = (codec: object): ReadonlyArray<unknown> => {
  const types = at(codec, "types")
  return Array.isArray(types) ? types : []
}

const refined = (check: Check | undefined, predicate: unknown): Check | undefined =>
  check === undefined || check(undefined) || !isPredicate(predicate)
    ? undefined
    : (value) => check(value) && predicate(value)

const either = ([first, ...others]: ReadonlyArray<Check | undefined>): Check | undefined =>
  others.reduce((left, right) => left && right && ((value) => left(value) || right(value)), first)

const arrayOf = (check: Check | undefined): Check | undefined =>
  check && ((value) => Array.isArray(value) && value.every(check))

const dictionaryOf = (check: Check | undefined): Check | undefined =>
  check && ((value) => isDictionary(value) && Object.values(value).every(check))

/** What a key must hold: of several codecs in an intersection, what all of them say. */
interface Key {
  readonly checks: ReadonlyArray<Check>
  readonly isRequired: boolean
}

type Keys = ReadonlyMap<string, Key>

/** The keys of an object's codec; undefined where it is none, or one of them is of an unknown kind. */
const keysOf = (codec: unknown): Keys | undefined => {
  if (!isObject(codec)) return undefined
  switch (at(codec, "_tag")) {
    case "InterfaceType":
      return keysIn(at(codec, "props"), true)
    case "PartialType":
      return keysIn(at(codec, "props"), false)
    case "IntersectionType":
      return mergedAll(partsOf(codec).map(keysOf))
    case "ReadonlyType":
      return keysOf(at(codec, "type"))
    default:
      return undefined
  }
}

const keysIn = (props: unknown, isRequired: boolean): Keys | undefined => {
  if (!isDictionary(props)) return undefined
  const keys = new Map<string, Key>()
  for (const [name, codec] of Object.entries(props)) {
    const check = quickCheck(codec)
    // Where nothing will do too, a key that is missing is added.
    if (check === undefined || (isRequired && check(undefined))) return undefined
    keys.set(name, { checks: [check], isRequired })
  }
  return keys
}

const mergedAll = ([first, ...others]: ReadonlyArray<Keys | undefined>): Keys | undefined =>
  others.reduce(merged, first)

const merged = (left: Keys | undefined, right: Keys | undefined): Keys | undefined => {
  if (left === undefined || right === undefined) return undefined
  const keys = new Map(left)
  for (const [name, { checks, isRequired }] of right) {
    const known = keys.get(name)
    keys.set(name, {
      checks: [...(known?.checks ?? []), ...checks],
      isRequired: isRequired || known?.isRequired === true
    })
  }
  return keys
}

const objectOf = (keys: Keys | undefined): Check | undefined => {
  if (keys === undefined) return undefined
  const required = [...keys.values()].filter(({ isRequired }) => isRequired).length
  const compiled = new Map(
    [...keys].map(([name, { checks, isRequired }]) => [
      name,
      { check: checks.reduce((left, right) => (value) => left(value) && right(value)), isRequired }
    ])
  )
  return (value) => {
    if (!isDictionary(value)) return false
    let missing = required
    for (const name in value) {
      const key = compiled.get(name)
      if (key === undefined) continue
      if (!key.check(value[name])) return false
      if (key.isRequired) missing -= 1
    }
    return missing === 0
  }
}
