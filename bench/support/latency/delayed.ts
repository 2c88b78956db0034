import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { fork } from "node:child_process"
import { once } from "node:events"
import type { Served } from "../files/served.ts"
import { nextMessage } from "../nextMessage.ts"

const Up = t.type({ port: t.number })
const Seen = t.type({ firstRequest: t.number, meanWait: t.number })

/** Files of so many bytes behind a server that answers late, in a process of its own. */
export interface Delayed extends Served {
  /**
   * Since it was last asked: when the first request came, in milliseconds since 1970, and how many milliseconds passed
   * between a request and its answer's beginning, on average.
   */
  readonly seen: () => Promise<t.TypeOf<typeof Seen>>
}

/** Serves `count` files, each answer beginning `milliseconds` after its request. */
export const serveDelayed = async (count: number, bytes: number, milliseconds: number): Promise<Delayed> => {
  const child = fork(new URL("./server.ts", import.meta.url), [String(milliseconds), String(bytes)])
  const answer = async <A>(codec: t.Type<A>): Promise<A> => {
    const decoded = codec.decode(await nextMessage(child))
    if (Either.isLeft(decoded)) throw new Error("the delaying server is not there")
    return decoded.right
  }
  const { port } = await answer(Up)
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    names: Array.from({ length: count }, (_, index) => `${String(index).padStart(6, "0")}.mp3`),
    bytes,
    server: "node:http",
    seen: () => {
      const seen = answer(Seen)
      child.send("seen")
      return seen
    },
    close: async () => {
      const ended = once(child, "exit")
      child.kill()
      await ended
    }
  }
}
