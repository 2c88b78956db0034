/** A small archive of all three vendors: what is in it, by what is not of it. */
import {
  type Archive,
  archiveSource,
  exportBag,
  makeLayout,
  openArchive,
  syncArchive,
  type SyncResult
} from "@callreel/archive"
import { Recording, type RecordingError, type RecordingSource } from "@callreel/recording"
import * as ringCentral from "@callreel/ringcentral"
import { generateCalls } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { startWebitel } from "@callreel/testkit/webitel"
import { parseVcon, recordingOf } from "@callreel/vcon"
import * as virtualPbx from "@callreel/virtual-pbx"
import * as webitel from "@callreel/webitel"
import { Ajv } from "ajv"
import { Effect, Exit, Scope, Stream } from "effect"
import { createHash } from "node:crypto"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative, sep } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { sidecarSchema } from "./sidecarSchema.ts"

const window = { from: new Date("2026-01-01"), to: new Date("2026-02-01") }
const world = generateCalls({ seed: "demo archive", ...window, count: 45, talkSeconds: [2, 20], longTalkSeconds: 0 })
const names = ["centre", "office", "us"] as const

const pbxVendor = await startVirtualPbx({ seed: "demo", world })
const rcVendor = await startRingCentral({ seed: "demo", world, timeScale: 60 })
const webitelVendor = await startWebitel({ seed: "demo", world })
const folder = await mkdtemp(join(tmpdir(), "callreel-demo-archive-"))
const scope = Effect.runSync(Scope.make())

const opened: Effect.Effect<ReadonlyArray<RecordingSource>, RecordingError, Scope.Scope> = Effect.all([
  webitel.make({ name: "centre", baseUrl: webitelVendor.baseUrl, accessToken: webitelVendor.token, region: "UA" }),
  virtualPbx.make({
    name: "office",
    baseUrl: pbxVendor.baseUrl,
    clientId: pbxVendor.apps.client.clientId,
    clientSecret: pbxVendor.apps.client.clientSecret,
    storageOrigins: [pbxVendor.storageOrigin],
    region: "RU"
  }),
  ringCentral.make({
    name: "us",
    serverUrl: rcVendor.serverUrl,
    mediaUrl: rcVendor.mediaUrl,
    ...rcVendor.app,
    include: ["voicemail"],
    region: "US"
  })
])

let sources: ReadonlyArray<RecordingSource>
let archive: Archive
let result: SyncResult

beforeAll(async () => {
  await Effect.runPromise(
    Effect.gen(function* () {
      sources = yield* opened
      archive = yield* openArchive({ url: join(folder, "archive") })
      const syncSources = sources.map((source) => ({ source }))
      result = yield* syncArchive(archive, syncSources, { ...window, layout: yield* makeLayout(), tool: "test" })
    }).pipe(Scope.provide(scope))
  )
}, 60_000)

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  await Promise.all([pbxVendor.close(), rcVendor.close(), webitelVendor.close()])
  await rm(folder, { recursive: true })
})

/** The sidecars of a source, by their paths. */
const sidecarsOf = (source: string): Promise<ReadonlyArray<readonly [path: string, text: string]>> =>
  Effect.runPromise(
    archive.destination.list(source).pipe(
      Stream.flattenIterable,
      Stream.filter(({ path }) => path.endsWith(".vcon.json")),
      Stream.mapEffect(({ path }) =>
        Effect.promise(async () => [path, await readFile(join(folder, "archive", path), "utf8")] as const)
      ),
      Stream.runCollect
    )
  )

const accepts = new Ajv({ allErrors: true }).compile(sidecarSchema)

describe("an archive of all vendors", () => {
  it("has everything that can be had", () => {
    expect(result.sources.map(({ source }) => source)).toEqual(names)
    expect(result.failed + result.pending).toBe(0)
    const truths: ReadonlyArray<{ readonly state: string }> = [
      ...pbxVendor.truth,
      ...rcVendor.truth,
      ...webitelVendor.truth
    ]
    expect(result.archived).toBe(truths.filter(({ state }) => state === "available").length)
  })

  it.each(names)("has a sidecar beside each audio of %s that is valid by JSON Schema", async (source) => {
    const sidecars = await sidecarsOf(source)
    expect(sidecars.length).toBe(result.sources.find((one) => one.source === source)?.archived)
    expect(sidecars.length).toBeGreaterThan(20)
    const problems = sidecars.flatMap(([path, text]) =>
      accepts(JSON.parse(text)) ? [] : [{ path, errors: accepts.errors }]
    )
    expect(problems).toEqual([])
  })

  it("has a schema that refuses what is no sidecar: the check itself is strict", async () => {
    const sidecars = await sidecarsOf("us")
    const text = sidecars[0]?.[1] ?? ""
    expect(accepts(JSON.parse(text))).toBe(true)
    expect(accepts(JSON.parse(text.replace('"content_hash"', '"hash"')))).toBe(false)
    expect(accepts(JSON.parse(text.replace("sha512-", "sha256-")))).toBe(false)
  })

  it.each(names)("gives back the recordings of %s as the source gave them", async (name) => {
    const source = sources.find((one) => one.name === name)
    const given = await listed(source)
    const kept = await listed(archiveSource(archive, { name, provider: source?.provider ?? "" }))
    // Recordings of one instant have no order of their own.
    expect(kept.map((recording) => Recording.encode(recording)).toSorted(byId)).toEqual(
      given.map((recording) => Recording.encode({ ...recording, raw: source?.maskRaw(recording.raw) })).toSorted(byId)
    )
    expect(kept.length).toBeGreaterThan(20)
  })

  it("has the same recordings in its sidecars", async () => {
    const sidecars = await Promise.all(names.map(sidecarsOf))
    const vcons = await Effect.runPromise(Effect.forEach(sidecars.flat(), ([, text]) => parseVcon(text)))
    const described = vcons.map((vcon) => recordingOf(vcon)).map((recording) => `${recording?.source} ${recording?.id}`)
    expect(new Set(described).size).toBe(result.archived)
  })

  it("becomes a bag whose manifests name every file of it, with its hash", async () => {
    const now = new Date("2026-03-01")
    const { bag, files } = await Effect.runPromise(
      exportBag({ ...archive, folder: join(folder, "bag"), now, tool: "test" }).pipe(Scope.provide(scope))
    )
    const manifests = ["manifest-sha512.txt", "tagmanifest-sha512.txt"]
    const listings = await Promise.all(manifests.map((name) => readFile(join(bag, name), "utf8")))
    const lines = listings.flatMap((text) => text.split("\n").slice(0, -1))
    const found = await filesIn(bag)
    const actual = await Promise.all(
      found
        .filter((path) => path !== "tagmanifest-sha512.txt")
        .map(async (path) => `${await sha512Of(join(bag, path))}  ${path}`)
    )
    expect(lines.toSorted()).toEqual(actual.toSorted())
    expect(files).toBe(2 * result.archived)
    expect(found.filter((path) => path.startsWith("proofs/")).length).toBe(3)
  })
})

const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1)

/** All files below a folder, with `/`. */
const filesIn = async (root: string): Promise<ReadonlyArray<string>> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))

const sha512Of = async (path: string): Promise<string> =>
  createHash("sha512")
    .update(await readFile(path))
    .digest("hex")

const listed = (source: RecordingSource | undefined): Promise<ReadonlyArray<Recording>> =>
  source === undefined
    ? Promise.resolve([])
    : Effect.runPromise(Stream.runCollect(source.list({ ...window, order: "oldest-first" })))
