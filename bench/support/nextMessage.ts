import type { ChildProcess } from "node:child_process"
import { once } from "node:events"

/** What a process says next; something that is no message where it ends first. */
export const nextMessage = async (child: ChildProcess): Promise<unknown> => {
  const done = new AbortController()
  const { signal } = done
  try {
    const said: ReadonlyArray<unknown> = await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal })
    ])
    return said[0]
  } finally {
    // Takes away the listener that is still there.
    done.abort()
  }
}
