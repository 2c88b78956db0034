/**
 * Runs `run` once for all who ask for the same key at the same moment: who asks while it runs shares the run after it,
 * which has not begun yet and so covers what was done before asking. A run that fails fails for all who share it.
 */
export const shareRuns = <Key>(run: (key: Key) => Promise<void>): ((key: Key) => Promise<void>) => {
  const running = new Map<Key, Promise<void>>()
  const waiting = new Map<Key, Promise<void>>()

  const start = (key: Key): Promise<void> => {
    const current = run(key).finally(() => {
      if (running.get(key) === current) running.delete(key)
    })
    running.set(key, current)
    return current
  }

  return (key) => {
    const current = running.get(key)
    if (current === undefined) return start(key)
    const queued = waiting.get(key)
    if (queued !== undefined) return queued
    const startNext = (): Promise<void> => {
      waiting.delete(key)
      return start(key)
    }
    const next = current.then(startNext, startNext)
    waiting.set(key, next)
    return next
  }
}
