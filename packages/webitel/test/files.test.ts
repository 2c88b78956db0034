import { type AudioOptions, RetryLimits } from "@callreel/recording"
import { type Expectations, FaultPlan, generateCalls } from "@callreel/testkit"
import { conformance } from "@callreel/testkit/conformance"
import { type RecordingTruth, startWebitel } from "@callreel/testkit/webitel"
import { make, type WebitelSettings } from "@callreel/webitel"
import { Duration, Effect, Redacted, Stream } from "effect"
import { createHash } from "node:crypto"
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeEach, describe, expect, it } from "vitest"
import { startBucket } from "./bucketServer.ts"
import { startDatabase } from "./databaseServer.ts"
import { settingsOf, webitelExpectations } from "./webitelExpectations.ts"

const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-15T00:00:00Z") }
const startedAt = new Date("2026-02-10T09:00:00Z")
const webitel = await startWebitel({
  seed: "files",
  world: generateCalls({ seed: "files", ...window, count: 60, longTalkSeconds: 90 }),
  extraRecordings: [
    { startedAt, state: "malware" },
    { startedAt, state: "unreadable" },
    { startedAt, kind: "screen" }
  ]
})
// The same domain once more, whose storage gives nothing over HTTP.
const mute = await startWebitel({
  seed: "files",
  world: webitel.world,
  faults: FaultPlan.script([
    { route: "stream", times: 100_000, fault: { kind: "server-error", status: 503, body: "html" } }
  ])
})
const folder = await mkdtemp(join(tmpdir(), "callreel-files-"))
const [root, elsewhere] = [join(folder, "storage"), join(folder, "storage-of-others")]
await mkdir(elsewhere)
await webitel.writeFiles(root)
const [database, bucket] = await Promise.all([startDatabase(), startBucket()])
await database.load(webitel.dataSet())
afterAll(async () => {
  await Promise.all([database.stop(), bucket.stop(), webitel.close(), mute.close()])
  await rm(folder, { recursive: true, force: true })
})

const url = Redacted.value(database.url())
const inBucket = `s3://${bucket.bucket}/all?endpoint=${encodeURIComponent(bucket.endpoint)}`
const files = { default: `file://${root}`, "7": inBucket }
const onSite: WebitelSettings = { ...settingsOf(webitel), database: { url }, files }

/** What the simulator does afterwards, its database does not follow. */
const fixed = (): Expectations => {
  const { appearLate: _, ...expected } = webitelExpectations(webitel, { window, removable: false })
  return expected
}
conformance("Webitel with files at hand", make(onSite), fixed())

/** What became of the audio of a recording: its digest and type, or the reason there is none; and what HTTP was asked. */
const fetchAudio = async (id: string, settings: WebitelSettings = onSite, options: AudioOptions = {}) => {
  const before = webitel.counts.streamRequests
  const fetched = await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const source = yield* make(settings)
        const { mediaType, range, stream } = yield* source.audio({ id }, options)
        const bytes = Buffer.concat(yield* Stream.runCollect(stream))
        return { mediaType, bytes, ...(range && { range }) }
      })
    ).pipe(
      Effect.provideService(RetryLimits, { attempts: 2, within: Duration.seconds(3) }),
      Effect.map(({ bytes, ...more }) => ({ ...more, sha512: createHash("sha512").update(bytes).digest("hex") })),
      Effect.catch(({ reason }) => Effect.succeed({ reason: reason._tag }))
    )
  )
  return { ...fetched, overHttp: webitel.counts.streamRequests - before }
}

const available = webitel.truth.filter(({ state }) => state === "available")
/** A recording for each test that changes its file or row. */
const next = (): RecordingTruth & { readonly path: string } => {
  const truth = available.pop()
  if (truth === undefined) throw new RangeError("the world has too few recordings")
  const row = Array.from(webitel.dataSet().files).find(({ id }) => id === truth.fileId)
  const { directory } = JSON.parse(String(row?.["properties"])) as { directory: string }
  return { ...truth, path: join(root, directory, String(row?.["name"])) }
}
let truth = next()
const takeNext = (): void => {
  truth = next()
}
const change = (columns: string) =>
  database.run((sql) => sql.unsafe(`UPDATE storage.files SET ${columns} WHERE id = ${truth.fileId}`))
const whole = () => ({ mediaType: truth.mediaType, sha512: truth.sha512() })

describe("a file of a folder", () => {
  beforeEach(takeNext)

  it("is read there, and nothing of it over HTTP", async () => {
    expect(await fetchAudio(truth.fileId)).toEqual({ ...whole(), overHttp: 0 })
  })

  it("is read there in parts", async () => {
    const range = { start: 1000, end: 1999 }
    const part = webitel.audioOf(truth.fileId)?.chunk(1000, 2000) ?? new Uint8Array()
    expect(await fetchAudio(truth.fileId, onSite, { range })).toEqual({
      mediaType: truth.mediaType,
      range: { ...range, total: truth.bytes },
      sha512: createHash("sha512").update(part).digest("hex"),
      overHttp: 0
    })
    const beyond = await fetchAudio(truth.fileId, onSite, { range: { start: truth.bytes } })
    expect(beyond).toMatchObject({ reason: "InvalidQuery" })
  })

  it("is read there where the storage gives nothing over HTTP", async () => {
    const settings = { ...settingsOf(mute), database: { url }, files }
    expect(await fetchAudio(truth.fileId, settings)).toEqual({ ...whole(), overHttp: 0 })
    expect(await fetchAudio(truth.fileId, { ...settings, files: {} })).toMatchObject({ reason: "Unavailable" })
  })

  it.each<[string, () => Promise<unknown>]>([
    ["that is encrypted", () => change(`properties = properties || '{"encrypted": true}'`)],
    ["of a profile that is not configured", () => change("profile_id = 9")],
    ["that is not where it should be", () => rm(truth.path)],
    ["that is too short", () => truncate(truth.path, 1000)],
    ["that is too long", () => appendFile(truth.path, "more")],
    ["that is something else", () => writeFile(truth.path, Buffer.alloc(truth.bytes, 7))],
    ["whose row leads out of its folder", () => change(`properties = '{"directory": "../../../../etc"}'`)],
    ["that is a link out of its folder", () => outside(truth.path)]
  ])("%s is read over HTTP", async (_, spoil) => {
    await spoil()
    expect(await fetchAudio(truth.fileId)).toEqual({ ...whole(), overHttp: 1 })
  })

  it("that lacks its end midway goes on over HTTP", async () => {
    const settings = { ...onSite, idleTimeout: "2 seconds" }
    const run = Effect.gen(function* () {
      const source = yield* make(settings)
      const { stream } = yield* source.audio({ id: truth.fileId })
      yield* Effect.promise(() => truncate(truth.path, 70_000))
      return Buffer.concat(yield* Stream.runCollect(stream))
    })
    const bytes = await Effect.runPromise(
      Effect.scoped(run).pipe(Effect.provideService(RetryLimits, { attempts: 2, within: Duration.seconds(3) }))
    )
    expect(createHash("sha512").update(bytes).digest("hex")).toBe(truth.sha512())
  })
})

/** Puts a link to a file elsewhere in the place of a file. */
const outside = async (path: string): Promise<void> => {
  const target = join(elsewhere, truth.fileId)
  await rename(path, target)
  await symlink(target, path)
}

describe("a file of a bucket", () => {
  beforeEach(async () => {
    takeNext()
    const key = `1/2026/${truth.fileId}.mp3`
    await bucket.put(`all/${key}`, webitel.audioOf(truth.fileId)?.chunk(0, truth.bytes) ?? new Uint8Array())
    await change(`profile_id = 7, properties = '{"location": "${key}"}'`)
  })

  it("is read there, whole and in parts, and nothing of it over HTTP", async () => {
    expect(await fetchAudio(truth.fileId)).toEqual({ ...whole(), overHttp: 0 })
    for (const range of [{ start: 0, end: 0 }, { start: 5, end: 9 }, { start: truth.bytes - 3 }]) {
      const end = range.end ?? truth.bytes - 1
      const part = webitel.audioOf(truth.fileId)?.chunk(range.start, end + 1) ?? new Uint8Array()
      expect(await fetchAudio(truth.fileId, onSite, { range })).toEqual({
        mediaType: truth.mediaType,
        range: { start: range.start, end, total: truth.bytes },
        sha512: createHash("sha512").update(part).digest("hex"),
        overHttp: 0
      })
    }
  })

  it.each<[string, Partial<WebitelSettings>]>([
    ["that is not there", { files: { "7": inBucket.replace("/all", "/none") } }],
    ["of a bucket that is not there", { files: { "7": inBucket.replace("recordings", "elsewhere") } }],
    ["of a server that is not there", { files: { "7": "s3://recordings/all?endpoint=http://127.0.0.1:1" } }],
    ["of a profile that is not configured", { files: {} }]
  ])("%s is read over HTTP", async (_, more) => {
    expect(await fetchAudio(truth.fileId, { ...onSite, ...more })).toEqual({ ...whole(), overHttp: 1 })
  })

  it("that is shorter than its row says is read over HTTP", async () => {
    await bucket.put(`all/1/2026/${truth.fileId}.mp3`, webitel.audioOf(truth.fileId)?.chunk(0, 500) ?? new Uint8Array())
    expect(await fetchAudio(truth.fileId)).toEqual({ ...whole(), overHttp: 1 })
  })
})

describe("what the server refuses, no file gives", () => {
  beforeEach(takeNext)

  const as = (token: keyof typeof webitel.tokens): WebitelSettings => ({
    ...onSite,
    accessToken: webitel.tokens[token]
  })

  it.each([
    ["withoutPlayback", "Forbidden"],
    ["withoutRecordFile", "Forbidden"],
    ["timeLimited", "Forbidden"],
    ["otherDomain", "NotFound"],
    ["unknown", "Unauthorized"]
  ] as const)("to the token %s", async (token, reason) => {
    expect(await fetchAudio(truth.fileId, as(token))).toMatchObject({ reason })
  })

  it.each([
    ["malware", "Forbidden"],
    ["unreadable", "Gone"]
  ] as const)("of a file that is %s", async (state, reason) => {
    const { fileId = "" } = webitel.truth.find((each) => each.state === state) ?? {}
    expect(await fetchAudio(fileId)).toEqual({ reason, overHttp: 1 })
  })

  it.each(["no number", "-1", "1e3", "99999999999999999999", "' OR '1'='1"])("by the id %j", async (id) => {
    expect(await fetchAudio(id)).toMatchObject({ reason: "NotFound" })
  })
})

it("the check says of each place whether it can be read", async () => {
  const check = (more: Readonly<Record<string, string>>) =>
    Effect.runPromise(
      Effect.scoped(Effect.flatMap(make({ ...onSite, files: { ...files, ...more } }), (source) => source.check()))
    )
  const { permissions } = await check({ "8": `file://${root}/none`, "9": inBucket.replace("recordings", "elsewhere") })
  expect(permissions.filter(({ name }) => name.startsWith("files."))).toEqual([
    { name: "files.7", granted: true },
    { name: "files.8", granted: false },
    { name: "files.9", granted: false },
    { name: "files.default", granted: true }
  ])
})

it("a listed recording is read from its file, checked against the size that was listed", async () => {
  const untouched = new Set(available.map(({ fileId }) => fileId))
  const run = Effect.gen(function* () {
    const source = yield* make(onSite)
    const listed = yield* Stream.runCollect(source.list(window))
    const recordings = listed.filter(({ id }) => untouched.has(id))
    const before = webitel.counts.streamRequests
    const digests = yield* Effect.forEach(recordings, (recording) =>
      Effect.scoped(
        Effect.flatMap(source.audio(recording), ({ stream }) =>
          Effect.map(Stream.runCollect(stream), (pieces) =>
            createHash("sha512").update(Buffer.concat(pieces)).digest("hex")
          )
        )
      )
    )
    const [first] = recordings
    const other = first && { ...first, audio: { ...first.audio, bytes: 1 } }
    const overHttp = webitel.counts.streamRequests - before
    return { digests, overHttp, wrong: other && (yield* Effect.flip(Effect.scoped(source.audio(other)))) }
  })
  const { digests, overHttp, wrong } = await Effect.runPromise(
    Effect.scoped(run).pipe(Effect.provideService(RetryLimits, { attempts: 1, within: Duration.seconds(1) }))
  )
  expect(digests.length).toBeGreaterThan(5)
  expect(digests.toSorted()).toEqual(available.map(({ sha512 }) => sha512()).toSorted())
  expect(overHttp).toBe(0)
  expect(wrong?.reason._tag).toBe("Truncated")
})
