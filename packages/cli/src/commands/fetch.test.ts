import { NotFound, Pending, Truncated } from "@callreel/recording"
import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Writable } from "node:stream"
import { beforeEach, describe, expect, it } from "vitest"
import { makeWorld, memoryProviders, recordingAt, type World } from "../testing/memoryProvider.ts"
import { collector, makeFolder, runInFolder } from "../testing/runInFolder.ts"

const audio = "first part, second part"
const sha512 = createHash("sha512").update(audio).digest("hex")
const bytesOf = (text: string) => new TextEncoder().encode(text)

let world: World
let folder: string
beforeEach(async () => {
  world = makeWorld()
  for (const id of ["468944-C7", "../a/b", "-x", "1"])
    world.recordings.push(recordingAt("office", id, "2026-03-01T00:00:00Z"))
  folder = await makeFolder()
})
const fetch = (...argv: ReadonlyArray<string>) =>
  runInFolder(folder, memoryProviders(world), ["fetch", "office", ...argv])
/** The files of the folder besides what every run has. */
const files = async () =>
  (await readdir(folder)).filter((name) => name !== "callreel.json" && name !== "cache").toSorted()
const contentOf = (name: string) => readFile(join(folder, name), "utf8")

describe("fetch", () => {
  it("writes the audio under a safe name and prints what it wrote", async () => {
    const run = await fetch("468944-C7", "--json")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.json).toEqual([
      { source: "office", id: "468944-C7", file: "468944-C7.mp3", mediaType: "audio/mpeg", bytes: 23, sha512 }
    ])
    expect(await files()).toEqual(["468944-C7.mp3"])
    expect(await contentOf("468944-C7.mp3")).toBe(audio)
  })

  it("prints the file's name alone without --json", async () => {
    expect((await fetch("1", "-o", "x.mp3")).out).toBe("x.mp3\n")
  })

  it.each([
    [["../a/b"], "_2e_2e_2fa_2fb.mp3"],
    [["--json", "--", "-x"], "-x.mp3"],
    [["--force", "1"], "1.mp3"],
    [["1", "-osub/out.bin"], "sub/out.bin"]
  ])("%j makes %s", async (argv, file) => {
    await mkdir(join(folder, "sub"))
    expect((await fetch(...argv)).code).toBe(0)
    expect(await contentOf(file)).toBe(audio)
  })

  it("hands on what it knows of the recording", async () => {
    await fetch("1", "--session", "-55", "--started-at", "2026-03-01T10:00")
    expect(world.asked).toEqual([
      {
        source: "office",
        operation: "audio",
        what: { id: "1", call: { sessionId: "-55" }, startedAt: new Date("2026-03-01T10:00:00Z") }
      }
    ])
  })

  it("streams to stdout with nothing else on it", async () => {
    const run = await fetch("1", "-o", "-", "--json")
    expect(run.code).toBe(0)
    expect(run.out).toBe(audio)
    expect(run.errors).toEqual([{ source: "office", id: "1", file: "-", mediaType: "audio/mpeg", bytes: 23, sha512 }])
    expect(await files()).toEqual([])
  })

  it("writes to a device directly", async () => {
    expect((await fetch("1", "-o", "/dev/null")).code).toBe(0)
    expect((await readFile("/dev/null")).byteLength).toBe(0)
  })
})

describe("fetch does not overwrite", () => {
  it.each([["1", "-o", "x.mp3"], ["1"]])("%s %s %s", async (...argv) => {
    const name = argv.length === 1 ? "1.mp3" : "x.mp3"
    await writeFile(join(folder, name), "old")
    const refused = await fetch(...argv, "--json")
    expect(refused.code).toBe(8)
    expect(refused.errors[0]).toMatchObject({ error: { reason: "Destination", operation: "fetch" } })
    expect(await contentOf(name)).toBe("old")
    const forced = await fetch(...argv, "--json", "--force")
    expect(forced.code).toBe(0)
    expect(await contentOf(name)).toBe(audio)
    expect(await files()).toEqual([name])
  })

  it("asks the vendor for nothing when the named file exists", async () => {
    await writeFile(join(folder, "x"), "old")
    await fetch("1", "-o", "x")
    expect(world.asked).toEqual([])
  })

  it("a file that appears during the download", async () => {
    world.audio = Stream.concat(
      Stream.make(bytesOf("first part, ")),
      Stream.fromEffect(
        Effect.promise(() => writeFile(join(folder, "x.mp3"), "theirs").then(() => bytesOf("second part")))
      )
    )
    const run = await fetch("1", "-o", "x.mp3", "--json")
    expect(run.code).toBe(8)
    expect(await contentOf("x.mp3")).toBe("theirs")
    expect(await files()).toEqual(["x.mp3"])
  })

  it("a symbolic link, but what it points at with --force", async () => {
    await writeFile(join(folder, "real"), "old")
    await symlink("real", join(folder, "link"))
    expect((await fetch("1", "-o", "link")).code).toBe(8)
    expect((await fetch("1", "-o", "link", "--force")).code).toBe(0)
    expect(await contentOf("real")).toBe(audio)
  })
})

describe("fetch leaves nothing behind", () => {
  it.each([
    [
      "the stream breaks",
      6,
      () =>
        (world.audio = Stream.concat(
          Stream.make(bytesOf("x")),
          Stream.fail(new Truncated({ expected: 23, received: 1 }))
        ))
    ],
    ["fewer bytes come than were promised", 6, () => (world.audioBytes = 24)],
    ["the recording is unknown", 4, () => world.failures.set("audio", new NotFound({ what: "it" }))],
    [
      "it may come later",
      5,
      () => world.failures.set("audio", new Pending({ retryAt: new Date(8e15), detail: "not ready" }))
    ],
    ["callreel itself breaks", 1, () => (world.audio = Stream.die(new TypeError("no +74951234567 here")))]
  ])("when %s", async (_, code, prepare) => {
    prepare()
    for (const argv of [["1", "-o", "x.mp3"], ["1"]]) {
      const run = await fetch(...argv, "--json")
      expect(run.code).toBe(code)
      expect(run.out).toBe("")
      expect(run.errors).toHaveLength(1)
      expect(run.err).not.toContain("4951234567")
      expect(await files()).toEqual([])
    }
  })

  it("when it is interrupted", async () => {
    const interruption = new AbortController()
    let partials: ReadonlyArray<string> = []
    world.audio = Stream.concat(
      Stream.make(bytesOf("x")),
      Stream.fromEffect(
        Effect.promise(async () => {
          partials = await files()
          interruption.abort()
        }).pipe(Effect.andThen(Effect.never))
      )
    )
    const options = { signal: interruption.signal }
    const run = await runInFolder(folder, memoryProviders(world), ["fetch", "office", "1", "-o", "x.mp3"], options)
    expect(run.code).toBe(130)
    expect(partials).toEqual([expect.stringMatching(/^\.x\.mp3\.[0-9a-f]+\.partial$/)])
    expect(await files()).toEqual([])
  })
})

describe("fetch says 8 where the destination", () => {
  it.each([
    ["is a folder", "sub", /sub cannot be written: it is a folder/],
    ["is in no folder", "nope/x.mp3", /its folder does not exist/],
    ["is below a file", "file/x.mp3", /not a folder/],
    ["has too long a name", "x".repeat(300), /name is too long/],
    ["is a device that is full", "/dev/full", /no space is left/]
  ])("%s", async (_, file, message) => {
    await mkdir(join(folder, "sub"))
    await writeFile(join(folder, "file"), "")
    const run = await fetch("1", "--json", "-o", file)
    expect(run.code).toBe(8)
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringMatching(message))
    expect(run.errors[0]).toHaveProperty("error.reason", "Destination")
    expect(run.errors[0]).toHaveProperty("error.source", "office")
    expect(await files()).toEqual(["file", "sub"])
  })

  it("is on a file system that refuses every file, even root's", async () => {
    expect((await fetch("1", "-o", "/proc/x.mp3")).code).toBe(8)
  })
})

describe("the progress bar", () => {
  const terminal = () => {
    const { bytes, stream } = collector()
    return {
      shown: () => new TextDecoder().decode(bytes()),
      stream: Object.assign(stream, { isTTY: true, columns: 80 })
    }
  }

  it("is on a terminal's stderr only", async () => {
    const stderr = terminal()
    const run = await runInFolder(folder, memoryProviders(world), ["fetch", "office", "1", "--json"], {
      stderr: stderr.stream
    })
    expect(run.code).toBe(0)
    expect(run.json).toHaveLength(1)
    expect(stderr.shown()).toContain("1.mp3")
    expect((await fetch("1", "--force")).err).toBe("")
  })

  it("shows the bytes where the whole is not known", async () => {
    world.audioBytes = undefined
    const stderr = terminal()
    const run = await runInFolder(folder, memoryProviders(world), ["fetch", "office", "1"], { stderr: stderr.stream })
    expect(run.code).toBe(0)
    expect(stderr.shown()).not.toContain("NaN")
  })
})

describe("a reader that goes away", () => {
  it("ends fetch quietly", async () => {
    const gone = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))
    })
    const run = await runInFolder(folder, memoryProviders(world), ["fetch", "office", "1", "-o", "-"], { stdout: gone })
    expect(run).toMatchObject({ code: 0, err: "" })
  })
})
