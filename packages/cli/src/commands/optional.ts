import { Option } from "effect"

/** An object with the one key where there is a value, else an empty one. */
export const optional = <const Key extends string, Value>(
  key: Key,
  value: Option.Option<Value>
): Partial<Readonly<Record<Key, Value>>> => {
  const entry: Partial<Record<Key, Value>> = {}
  if (Option.isSome(value)) entry[key] = value.value
  return entry
}
