/** The word that is at most two edits (insert, delete, replace) away, the nearest of them; else undefined. */
export const nearestWord = (typed: string, words: ReadonlyArray<string>): string | undefined =>
  [0, 1, 2].flatMap((edits) => words.filter((word) => within(edits, typed, word)))[0]

const within = (edits: number, left: string, right: string): boolean => {
  if (left === right) return true
  if (left[0] === right[0]) return within(edits, left.slice(1), right.slice(1))
  if (edits === 0) return false
  const [leftRest, rightRest] = [left.slice(1), right.slice(1)]
  return (
    within(edits - 1, leftRest, rightRest) ||
    (left !== "" && within(edits - 1, leftRest, right)) ||
    (right !== "" && within(edits - 1, left, rightRest))
  )
}
