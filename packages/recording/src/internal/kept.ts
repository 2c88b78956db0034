/** Longer questions are not kept: memory would have no bound. */
const longestQuestion = 64

/**
 * A function whose results are kept for those that are asked for again soon: the last `most` questions at least, twice as
 * many at most, of at most 64 characters. For functions whose result follows from the question alone.
 */
export const kept = <A>(most: number, answer: (question: string) => A): ((question: string) => A) => {
  let recent = new Map<string, { readonly result: A }>()
  let older: typeof recent = new Map()
  return (question) => {
    if (question.length > longestQuestion) return answer(question)
    const known = recent.get(question) ?? older.get(question) ?? { result: answer(question) }
    if (!recent.has(question)) {
      if (recent.size >= most) {
        older = recent
        recent = new Map()
      }
      recent.set(question, known)
    }
    return known.result
  }
}
