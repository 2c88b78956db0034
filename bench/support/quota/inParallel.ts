/** Works through the items in order, so many at once. */
export const inParallel = async <A>(
  items: ReadonlyArray<A>,
  atOnce: number,
  work: (item: A) => Promise<void>
): Promise<void> => {
  const left = items.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of left) await work(item)
    })
  )
}
