import { beforeEach, describe, expect, it } from "vitest"
import { makeWorld, memoryProviders, type World } from "../testing/memoryProvider.ts"
import { makeFolder, runInFolder } from "../testing/runInFolder.ts"

const commands = (
  "sources list get find fetch stats link remove request-archive " +
  "sync status verify export erase hold prune-source match"
).split(" ")

let world: World
let folder: string
beforeEach(async () => {
  world = makeWorld()
  folder = await makeFolder()
})
const run = (...argv: ReadonlyArray<string>) => runInFolder(folder, memoryProviders(world), argv)

describe("help and version", () => {
  it.each([[["--help"]], [["help"]], [[]]])("%j shows the commands", async (argv) => {
    const { code, err, out } = await run(...argv)
    expect(code).toBe(0)
    expect(err).toBe("")
    for (const name of commands) {
      expect(out).toMatch(new RegExp(`^ +${name} `, "m"))
    }
  })

  it.each(commands)("%s --help has an example", async (name) => {
    const { code, out } = await run(name, "--help")
    expect(code).toBe(0)
    expect(out).toContain("EXAMPLES")
    expect(out).toContain(`callreel ${name}`)
    expect(out).toContain("--json")
  })

  it.each(["bash", "zsh", "fish", "powershell"])("has completions for %s", async (shell) => {
    const { code, out } = await run("--completions", shell)
    expect(code).toBe(0)
    expect(out).toContain("request-archive")
    expect(out).toContain("max-wait")
  })

  it("--version is the package's", async () => {
    expect(await run("--version")).toMatchObject({ code: 0, out: "0.1.0\n" })
  })
})
