/** Finds numbers by numbers in twelve bytes each. */
export interface KeyIndex {
  /** The value added with this key; undefined where there is none. */
  readonly find: (key: number | undefined) => number | undefined
}

/** Keys and values in the same order; of equal keys one is found. */
export const makeKeyIndex = (keys: ReadonlyArray<number>, values: ReadonlyArray<number>): KeyIndex => {
  const order = Uint32Array.from(keys.keys()).toSorted((left, right) => (keys[left] ?? 0) - (keys[right] ?? 0))
  const sortedKeys = Float64Array.from(order, (place) => keys[place] ?? 0)
  const sortedValues = Uint32Array.from(order, (place) => values[place] ?? 0)
  return {
    find: (key) => {
      if (key === undefined) return undefined
      const place = firstAtOrAfter(sortedKeys, key)
      return sortedKeys[place] === key ? sortedValues[place] : undefined
    }
  }
}

/** The first place in an ascending column whose value is at least this; its length where there is none. */
export const firstAtOrAfter = (column: Float64Array, value: number): number => {
  let low = 0
  let high = column.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((column[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
