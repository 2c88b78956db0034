/** What every way of fetching in this benchmark is given, and how it saves. */
import { createHash } from "node:crypto"
import { open, rename } from "node:fs/promises"
import { join } from "node:path"

export const [mode = "", baseUrl = "", folder = "", concurrencyText = "32"] = process.argv.slice(2)
export const concurrency = Number(concurrencyText)
const count = Number(process.env["BENCH_COUNT"])
export const bytes = Number(process.env["BENCH_BYTES"])
export const names = Array.from({ length: count }, (_, index) => `${String(index).padStart(6, "0")}.mp3`)

/** A file on its way: under a temporary name, hashed, and under its own name in the end. */
export const saving = async (name: string) => {
  const partial = join(folder, `${name}.partial`)
  const file = await open(partial, "wx")
  const hash = createHash("sha512")
  return {
    write: async (piece: Uint8Array): Promise<void> => {
      hash.update(piece)
      await file.write(piece)
    },
    end: async (): Promise<void> => {
      await file.close()
      hash.digest()
      await rename(partial, join(folder, name))
    }
  }
}

/** All bytes of a file. */
export const save = async (name: string, pieces: AsyncIterable<Uint8Array>): Promise<void> => {
  const file = await saving(name)
  for await (const piece of pieces) await file.write(piece)
  await file.end()
}
