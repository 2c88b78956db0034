import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { fileBytes, isReadableFolder, reasonOfDisk } from "./fileStore.ts"

const folder = await mkdtemp(join(tmpdir(), "callreel-store-"))
afterAll(() => rm(folder, { recursive: true, force: true }))
const root = join(folder, "root")
const outside = join(folder, "root-of-others")
const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 256)

await mkdir(join(root, "1"), { recursive: true })
await mkdir(outside)
await writeFile(join(root, "1", "call.mp3"), bytes)
await writeFile(join(outside, "secret.mp3"), "secret")
await symlink(join(outside, "secret.mp3"), join(root, "1", "file-out.mp3"))
await symlink(outside, join(root, "folder-out"))
await symlink("../../root-of-others/secret.mp3", join(root, "1", "relative-out.mp3"))
await symlink("call.mp3", join(root, "1", "inside.mp3"))
await symlink("loop.mp3", join(root, "1", "loop.mp3"))
await symlink(root, join(folder, "link-to-root"))
execFileSync("mkfifo", [join(root, "1", "pipe.mp3")])

/** All bytes from a position on. */
const readFrom = (base: string, path: string, start: number) =>
  Effect.gen(function* () {
    const { segment, total } = yield* fileBytes(base, join(base, path)).from(start)
    const pieces: Array<Uint8Array> = []
    for (let piece = yield* segment.read; piece !== undefined; piece = yield* segment.read) pieces.push(piece)
    return { total, all: Buffer.concat(pieces), pieces: pieces.length }
  }).pipe(Effect.scoped)

describe("a file of the disk", () => {
  it.each([
    ["1/call.mp3", 0],
    ["1/call.mp3", 65_537],
    ["1/call.mp3", 200_000],
    ["1/inside.mp3", 199_999]
  ])("%s is read from byte %i on, piece by piece", async (path, start) => {
    const { all, pieces, total } = await Effect.runPromise(readFrom(root, path, start))
    expect(total).toBe(bytes.length)
    expect(all.equals(bytes.subarray(start))).toBe(true)
    expect(pieces).toBe(Math.ceil((bytes.length - start) / 65_536))
  })

  it("is read below a folder that is a link itself", async () => {
    const { total } = await Effect.runPromise(readFrom(join(folder, "link-to-root"), "1/call.mp3", 0))
    expect(total).toBe(bytes.length)
  })

  it.each([
    "1/file-out.mp3",
    "1/relative-out.mp3",
    "folder-out/secret.mp3",
    "1/loop.mp3",
    "1/pipe.mp3",
    "1/none.mp3",
    "1/call.mp3/x",
    "1",
    ".",
    "../root-of-others/secret.mp3",
    `1/${"x".repeat(300)}`
  ])("is not found at %s", async (path) => {
    const reason = await Effect.runPromise(Effect.flip(readFrom(root, path, 0)))
    expect(reason).toMatchObject({ _tag: "NotFound" })
    expect(reason.message).not.toContain(path)
  })
})

it.each([
  [root, true],
  [join(folder, "link-to-root"), true],
  [join(root, "1", "call.mp3"), false],
  [join(folder, "none"), false]
])("whether %s is a folder to read: %s", async (path, expected) => {
  expect(await Effect.runPromise(isReadableFolder(path))).toBe(expected)
})

it.each([
  ["ENOENT", "NotFound"],
  ["ENOTDIR", "NotFound"],
  ["ELOOP", "NotFound"],
  ["ENAMETOOLONG", "NotFound"],
  ["EISDIR", "NotFound"],
  ["EACCES", "Forbidden"],
  ["EPERM", "Forbidden"],
  ["EIO", "Unavailable"],
  ["ESTALE", "Unavailable"],
  ["EMFILE", "Unavailable"],
  ["", "Unavailable"]
])("the disk's error %j is %s", (code, tag) => {
  expect(reasonOfDisk(code)._tag).toBe(tag)
})
