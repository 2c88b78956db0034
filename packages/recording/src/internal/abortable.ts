/**
 * The same iterable, called off by the signal: what is under way is closed, and the reader gets the signal's reason, not a
 * quiet end that would look like a complete list or file.
 */
export const abortable = <A>(iterable: AsyncIterable<A>, signal: AbortSignal | undefined): AsyncIterable<A> =>
  signal === undefined ? iterable : { [Symbol.asyncIterator]: () => abortableIterator(iterable, signal) }

const abortableIterator = <A>(iterable: AsyncIterable<A>, signal: AbortSignal): AsyncIterator<A> => {
  const iterator = iterable[Symbol.asyncIterator]()
  const close = async (): Promise<IteratorResult<A>> => {
    signal.removeEventListener("abort", onAbort)
    return (await iterator.return?.()) ?? { done: true, value: undefined }
  }
  const onAbort = (): void => {
    // The reader learns of the abort from `next`; a failure to close must not become an unhandled rejection.
    close().catch(() => undefined)
  }
  signal.addEventListener("abort", onAbort, { once: true })
  return {
    async next() {
      try {
        if (signal.aborted) await close()
        signal.throwIfAborted()
        const result = await iterator.next()
        signal.throwIfAborted()
        if (result.done === true) signal.removeEventListener("abort", onAbort)
        return result
      } catch (error) {
        // Nobody calls `return` after a failure; a signal that lives long must not keep what has ended.
        signal.removeEventListener("abort", onAbort)
        throw error
      }
    },
    return: close
  }
}
