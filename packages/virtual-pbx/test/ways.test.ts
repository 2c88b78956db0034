import { type RecordingReference, RetryLimits } from "@callreel/recording"
import { FaultPlan, type ScriptedFault } from "@callreel/testkit"
import { startVirtualPbx, type VirtualPbxOptions, type VirtualPbxSimulator } from "@callreel/testkit/virtual-pbx"
import { type AudioWay, make, type VirtualPbxSettings } from "@callreel/virtual-pbx"
import { Duration, Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import { settingsOf } from "./pbxExpectations.ts"

let pbx: VirtualPbxSimulator | undefined
afterEach(() => pbx?.close())

const start = async (options: VirtualPbxOptions = {}): Promise<VirtualPbxSimulator> => {
  pbx = await startVirtualPbx({ seed: "ways", ...options })
  return pbx
}

const script = (...faults: ReadonlyArray<ScriptedFault>) => ({ faults: FaultPlan.script(faults) })

/** Digest and size of the audio, by the ways given. */
const fetchAudio = (
  settings: VirtualPbxSettings,
  audioVia: ReadonlyArray<AudioWay>,
  reference: RecordingReference,
  range?: { readonly start: number; readonly end?: number }
) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const source = yield* make({ ...settings, audioVia: [...audioVia], idleTimeout: "0.3 seconds" })
        const audio = yield* source.audio(reference, range && { range })
        const bytes = Buffer.concat(yield* Stream.runCollect(audio.stream))
        return { bytes, mediaType: audio.mediaType, sha512: createHash("sha512").update(bytes).digest("hex") }
      })
    ).pipe(
      Effect.provideService(RetryLimits, { attempts: 3, within: Duration.seconds(10) }),
      Effect.catch((error) => Effect.succeed(error.reason._tag))
    )
  )

const available = ({ truth }: VirtualPbxSimulator, storage: "present" | "missing" | "refused") => {
  const found = truth.find((candidate) => candidate.state === "available" && candidate.storage === storage)
  if (found === undefined) throw new Error(`the world has no recording whose storage is ${storage}`)
  return found
}

/** Logins for every way. */
const everyLogin = (vendor: VirtualPbxSimulator): VirtualPbxSettings => ({
  ...settingsOf(vendor),
  basic: vendor.basic,
  ...(vendor.ftp && { ftp: vendor.ftp })
})

describe("ways to the audio", () => {
  it.each(["storage", "api", "basic", "ftp"] as const)("gives the vendor's bytes by %s alone", async (way) => {
    const vendor = await start({ ftp: true })
    const { recordUuid: id, sha512 } = available(vendor, "present")
    const fetched = await fetchAudio(everyLogin(vendor), [way], { id })
    expect(fetched).toMatchObject({ mediaType: "audio/mpeg", sha512: sha512() })
    expect(vendor.counts.leakedCredentials).toBe(0)
  })

  it.each(["storage", "api", "basic", "ftp"] as const)("gives a part by %s", async (way) => {
    const vendor = await start({ ftp: true })
    const { recordUuid: id } = available(vendor, "present")
    const fetched = await fetchAudio(everyLogin(vendor), [way], { id }, { start: 1000, end: 1999 })
    const whole = vendor.audioOf(id)
    expect(typeof fetched === "object" && fetched.bytes.equals(whole?.chunk(1000, 2000) ?? Buffer.alloc(0))).toBe(true)
  })

  it.each(["missing", "refused"] as const)("goes on to the API where the storage is %s", async (storage) => {
    const vendor = await start({ storage: { missing: 0.3, refused: 0.3 } })
    const { recordUuid: id, sha512 } = available(vendor, storage)
    expect(await fetchAudio(settingsOf(vendor), ["storage", "api"], { id })).toMatchObject({ sha512: sha512() })
    expect(vendor.counts.leakedCredentials).toBe(0)
  })

  it.each([
    ["an HTML page", { kind: "html-page" }],
    ["a file that is short, with a length that agrees", { kind: "short-body", fraction: 0.5 }],
    ["an error of the server", { kind: "server-error", status: 500, body: "html" }]
  ] as const)("goes on to the API where the storage gives %s", async (_, fault) => {
    const vendor = await start(script({ route: "storage-file", times: 20, fault }))
    const { recordUuid: id, sha512 } = available(vendor, "present")
    expect(await fetchAudio(settingsOf(vendor), ["storage", "api"], { id })).toMatchObject({ sha512: sha512() })
  })

  it.each([
    ["truncated-body", "Truncated"],
    ["stalled-body", "Truncated"],
    ["reset-mid-body", "Truncated"]
  ] as const)("never takes a %s for whole, however often it comes", async (kind, reason) => {
    const fault = { kind, fraction: 0.4 } as const
    const vendor = await start(script({ route: "file", times: 1000, fault }))
    const { recordUuid: id } = available(vendor, "present")
    expect(await fetchAudio(settingsOf(vendor), ["api"], { id })).toBe(reason)
  })

  it("goes on to the API where the storage is busy, and does not count it against the API's quota", async () => {
    const fault = { kind: "refusal", refusal: "quota", retryAfterSeconds: 0 } as const
    const vendor = await start(script({ route: "storage-file", times: 1000, fault }))
    const { recordUuid: id, sha512 } = available(vendor, "present")
    expect(await fetchAudio(settingsOf(vendor), ["storage", "api"], { id })).toMatchObject({ sha512: sha512() })
  })

  it("tells a young file that is not there yet, by its bare id", async () => {
    const startedAt = new Date(Date.now() - 5 * 60_000)
    const vendor = await start({ extraRecordings: [{ startedAt, durationSeconds: 10, state: "expired" }] })
    const id = vendor.truth.findLast(({ state }) => state === "expired")?.recordUuid ?? ""
    expect(await fetchAudio(settingsOf(vendor), ["storage", "api"], { id })).toBe("Pending")
  })

  it("never takes a short file of a bare id for whole because its size could not be asked for", async () => {
    const broken = { kind: "server-error", status: 500, body: "json" } as const
    const vendor = await start(
      script(
        { route: "path", times: 1000, fault: broken },
        { route: "storage-file", times: 1000, fault: { kind: "short-body", fraction: 0.5 } }
      )
    )
    const { recordUuid: id } = available(vendor, "present")
    expect(await fetchAudio(settingsOf(vendor), ["storage"], { id })).toBe("Unavailable")
  })

  it("asks for another link where a stored recording has its own masked", async () => {
    const vendor = await start({ listing: { storageUrl: "all" } })
    const { initTime, recordUuid: id, sha512 } = available(vendor, "present")
    const stored = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const source = yield* make(settingsOf(vendor))
          const recording = yield* source.get({ id, startedAt: initTime })
          return { ...recording, raw: source.maskRaw(recording.raw) }
        })
      )
    )
    expect(JSON.stringify(stored)).not.toContain(vendor.storageOrigin)
    expect(await fetchAudio(settingsOf(vendor), ["storage"], stored)).toMatchObject({ sha512: sha512() })
  })

  it.each(["truncated-body", "reset-mid-body", "stalled-body"] as const)(
    "goes on to the API where the storage always gives a %s",
    async (kind) => {
      const fault = { kind, fraction: 0.4 } as const
      const vendor = await start(script({ route: "storage-file", times: 1000, fault }))
      const { recordUuid: id, sha512 } = available(vendor, "present")
      expect(await fetchAudio(settingsOf(vendor), ["storage", "api"], { id })).toMatchObject({ sha512: sha512() })
    }
  )

  it("goes on where a body broke off", async () => {
    const fault = { kind: "reset-mid-body", fraction: 0.5 } as const
    const vendor = await start({ ...script({ route: "file", fault }), fileRange: true })
    const { recordUuid: id, sha512 } = available(vendor, "present")
    expect(await fetchAudio(settingsOf(vendor), ["api"], { id })).toMatchObject({ sha512: sha512() })
    expect(vendor.requests.of("file").map((request) => request.range !== undefined)).toEqual([false, true])
  })

  it("tells a recording without bytes: not ready while it is young, then gone", async () => {
    const minutes = 60_000
    const vendor = await start({
      extraRecordings: [
        { startedAt: new Date(Date.now() - 5 * minutes), durationSeconds: 10, state: "empty" },
        { startedAt: new Date(Date.now() - 3 * 24 * 60 * minutes), durationSeconds: 10, state: "empty" }
      ]
    })
    const [old, young] = vendor.truth.filter(({ state }) => state === "empty").slice(-2)
    expect(await fetchAudio(settingsOf(vendor), ["storage", "api"], { id: young?.recordUuid ?? "" })).toBe("Pending")
    expect(await fetchAudio(settingsOf(vendor), ["storage", "api"], { id: old?.recordUuid ?? "" })).toBe("Gone")
  })

  it("refuses a way whose login is not configured, and names the option", async () => {
    const vendor = await start()
    for (const way of ["ftp", "basic"] as const) {
      const refused = await Effect.runPromise(
        Effect.flip(Effect.scoped(make({ ...settingsOf(vendor), audioVia: [way] })))
      )
      expect(refused.reason).toMatchObject({ _tag: "InvalidOptions", option: way })
    }
  })

  it("tells a refused FTP login", async () => {
    const vendor = await start({ ftp: true })
    const { recordUuid: id } = available(vendor, "present")
    const settings = { ...settingsOf(vendor), ...(vendor.ftp && { ftp: { ...vendor.ftp, password: "wrong" } }) }
    expect(await fetchAudio(settings, ["ftp"], { id })).toBe("Unauthorized")
  })
})
