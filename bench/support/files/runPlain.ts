/** Started by the benchmark of files: brings all of them into a folder, as one would write it oneself. */
import ky from "ky"
import { mkdir } from "node:fs/promises"
import { baseUrl, concurrency, folder, mode, names, save } from "./saving.ts"

const body = async function* (response: Response): AsyncIterable<Uint8Array> {
  const stream: ReadableStream<Uint8Array> | null = response.body
  for await (const piece of stream ?? []) yield piece
}

const inParallel = async (work: (name: string) => Promise<void>): Promise<void> => {
  const rest = names[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const name of rest) await work(name)
    })
  )
}

const modes: Readonly<Record<string, () => Promise<unknown>>> = {
  fetch: async () => {
    await mkdir(folder, { recursive: true })
    await inParallel(async (name) => save(name, body(await fetch(`${baseUrl}/${name}`))))
  },

  ky: async () => {
    await mkdir(folder, { recursive: true })
    await inParallel(async (name) => save(name, body(await ky(`${baseUrl}/${name}`))))
  }
}

await modes[mode]?.()
