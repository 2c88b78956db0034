/** Group commit in plain promises: what is handed in while a group is written goes together into the next one. */
export const grouped = <A>(write: (items: ReadonlyArray<A>) => Promise<void>): ((item: A) => Promise<void>) => {
  let waiting: Array<{ readonly item: A; readonly resolve: () => void; readonly reject: (error: unknown) => void }> = []
  let isWriting = false
  const writeAll = async (): Promise<void> => {
    isWriting = true
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      try {
        await write(group.map(({ item }) => item))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
      // Those that go on now may have more: it goes into one group.
      await new Promise((resolve) => setImmediate(resolve))
    }
    isWriting = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isWriting) void writeAll()
    })
}
