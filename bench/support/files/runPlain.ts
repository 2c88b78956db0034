/** Started by the benchmarks of files and latency: brings all files into a folder, as one would write it oneself. */
import { mkdir } from "node:fs/promises"
import { inParallel } from "../quota/inParallel.ts"
import { baseUrl, concurrency, folder, mode, names, save } from "./saving.ts"

/** Brings one file's bytes. */
type Get = (url: string) => Promise<AsyncIterable<Uint8Array>>

const body = async function* (response: Response): AsyncIterable<Uint8Array> {
  const stream: ReadableStream<Uint8Array> | null = response.body
  for await (const piece of stream ?? []) yield piece
}

const pieces = async function* (whole: ArrayBuffer): AsyncIterable<Uint8Array> {
  yield new Uint8Array(whole)
}

/** Each loads only what it needs: what the others load would be in its time and memory. */
const modes: Readonly<Record<string, () => Promise<Get>>> = {
  fetch: async () => async (url) => body(await fetch(url)),

  ky: async () => {
    const { default: ky } = await import("ky")
    return async (url) => body(await ky(url))
  },

  /** `get` of an address, then the whole as a buffer: the first of the two samples for binary content in its README. */
  sdk: async () => {
    const { SDK } = await import("@ringcentral/sdk")
    const platform = new SDK({ server: baseUrl, clientId: "bench", clientSecret: "bench" }).platform()
    await platform.auth().setData({ token_type: "bearer", access_token: "fixed", expires_in: "86400" })
    return async (url) => pieces(await (await platform.get(url)).arrayBuffer())
  }
}

/** Reads every answer and keeps nothing: as fast as the server is. */
const readAll = async (): Promise<void> => {
  const { request } = await import("undici")
  await inParallel(names, concurrency, async (name) => {
    const answer = await request(`${baseUrl}/${name}`)
    await answer.body.arrayBuffer()
  })
}

const saveAll = async (get: Get): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await inParallel(names, concurrency, async (name) => save(name, await get(`${baseUrl}/${name}`)))
}

const load = modes[mode]
if (mode === "reading") await readAll()
else if (load !== undefined) await saveAll(await load())
else throw new Error(`no way of fetching is called ${mode}`)
