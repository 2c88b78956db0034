import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { makeFolder } from "./testing/runInFolder.ts"

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

const start = (file: string, argv: ReadonlyArray<string>, folder: string) =>
  spawn(process.execPath, [pathOf(file), ...argv], {
    cwd: folder,
    env: { ...process.env, CALLREEL_CACHE_DIR: join(folder, "cache") },
    stdio: ["ignore", "pipe", "pipe"]
  })
const endOf = async (child: ChildProcess): Promise<unknown> => {
  const [code] = await once(child, "exit")
  return code
}
const finish = async (child: ReturnType<typeof start>) => {
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), endOf(child)])
  return { out, err, code }
}
/** Waits until the folder has a file of this name. */
const appears = async (folder: string, name: RegExp): Promise<void> => {
  while (!(await readdir(folder)).some((file) => name.test(file)))
    await new Promise((resolve) => setTimeout(resolve, 10))
}

describe("the command as a process", () => {
  it("tells its version", async () => {
    const folder = await makeFolder()
    expect(await finish(start("./main.ts", ["--version"], folder))).toEqual({ out: "0.1.0\n", err: "", code: 0 })
  })

  it("ends with the exit code and the error line", async () => {
    const folder = await makeFolder()
    const { code, err, out } = await finish(start("./main.ts", ["get", "office", "1", "--json"], folder))
    expect(code).toBe(2)
    expect(out).toBe("")
    expect(JSON.parse(err)).toMatchObject({ error: { reason: "InvalidOptions", source: "office" } })
  })

  it("writes everything before it ends", async () => {
    const folder = await makeFolder()
    const argv = ["list", "--json", "--from", "2026-03-01", "--to", "2026-04-01"]
    const { code, out } = await finish(start("./testing/memoryMain.ts", argv, folder))
    expect(code).toBe(0)
    expect(out.split("\n")).toHaveLength(20_001)
  })

  it("ends quietly with 0 when its reader goes", async () => {
    const folder = await makeFolder()
    const child = start("./testing/memoryMain.ts", ["list", "--from", "2026-03-01", "--to", "2026-04-01"], folder)
    const ended = endOf(child)
    const err = text(child.stderr)
    await once(child.stdout, "data")
    child.stdout.destroy()
    expect(await ended).toBe(0)
    expect(await err).toBe("")
  })

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143]
  ] as const)("on %s removes what it began and ends with %i", async (signal, code) => {
    const folder = await makeFolder()
    const child = start("./testing/memoryMain.ts", ["fetch", "office", "1", "-o", "x.mp3", "--no-cache"], folder)
    const ended = finish(child)
    await appears(folder, /\.partial$/)
    child.kill(signal)
    expect(await ended).toMatchObject({ code, out: "" })
    expect((await readdir(folder)).filter((name) => name.includes("x.mp3"))).toEqual([])
  })
})
