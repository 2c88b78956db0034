import { describe, expect, it } from "@effect/vitest"
import { checkProof, type Entry } from "@callreel/archive"
import type { RecordingError, RecordingSource } from "@callreel/recording"
import { make as makeRingCentral } from "@callreel/ringcentral"
import { type FaultKind, faultKinds, faultPlan, generateCalls, type RequestLog } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { startWebitel } from "@callreel/testkit/webitel"
import { make as makeVirtualPbx } from "@callreel/virtual-pbx"
import { make as makeWebitel } from "@callreel/webitel"
import { Effect, type Scope, Stream } from "effect"
import { entriesOf, folderArchive, sha512In, sync } from "./support/scene.ts"

const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-15T00:00:00Z") }
const world = (seed: string) => generateCalls({ seed, ...window, count: 60, longTalkSeconds: 120 })
const harsh = (seed: string, kinds: ReadonlyArray<FaultKind>) =>
  faultPlan({ seed, rate: 0.3, kinds, latencyMilliseconds: 10, retryAfterSeconds: 0 })

/** One recording as the simulator knows it. */
interface Truth {
  readonly id: string
  readonly sha512: () => string
  /** Undefined where its audio can be had. */
  readonly why?: string
}

/** A vendor under faults. */
interface Vendor {
  readonly source: RecordingSource
  readonly truths: ReadonlyArray<Truth>
  readonly requests: RequestLog
}

const closing = <A extends { readonly close: () => Promise<void> }>(start: () => Promise<A>) =>
  Effect.acquireRelease(Effect.promise(start), ({ close }) => Effect.promise(close))

const idleTimeout = "0.2 seconds"

const truthOf = (id: string, sha512: () => string, why: string | undefined): Truth => ({
  id,
  sha512,
  ...(why !== undefined && { why })
})

const virtualPbx = (seed: string) =>
  Effect.gen(function* () {
    const pbx = yield* closing(() =>
      startVirtualPbx({
        seed,
        world: world(seed),
        faults: harsh(seed, faultKinds),
        storage: { missing: 0.2, refused: 0.1 }
      })
    )
    const { clientId, clientSecret } = pbx.apps.client
    const source = yield* makeVirtualPbx({
      name: "us",
      baseUrl: pbx.baseUrl,
      clientId,
      clientSecret,
      storageOrigins: [pbx.storageOrigin],
      region: "RU",
      idleTimeout
    })
    const why = { available: undefined, empty: "absent", expired: "absent", deleted: "deleted", "not-ready": "absent" }
    const truths = pbx.truth
      .filter(({ row }) => row !== undefined)
      .map(({ recordUuid, sha512, state }) => truthOf(recordUuid, sha512, why[state]))
    return { source, truths, requests: pbx.requests } satisfies Vendor
  })

const ringCentral = (seed: string) =>
  Effect.gen(function* () {
    const group = { limit: 2000, windowSeconds: 60, penaltySeconds: 60 }
    const vendor = yield* closing(() =>
      startRingCentral({
        seed,
        world: world(seed),
        // A body cut short with a length that agrees cannot be told here: nothing else says how long the audio is.
        faults: harsh(
          seed,
          faultKinds.filter((kind) => kind !== "short-body")
        ),
        limits: { heavy: group, medium: group, light: group, auth: { ...group, limit: 60 } },
        timeScale: 60
      })
    )
    const { mediaUrl, serverUrl } = vendor
    const source = yield* makeRingCentral({
      ...vendor.app,
      name: "us",
      serverUrl,
      mediaUrl,
      include: ["voicemail"],
      region: "US",
      idleTimeout
    })
    const truths = vendor.truth
      .filter(({ record, state }) => record !== undefined && state !== "too-short")
      .map(({ messageId, recordingId, sha512, state }) =>
        // How long they are kept is documented.
        truthOf(
          messageId ?? recordingId,
          sha512,
          state === "available" ? undefined : state === "expired" ? "expired" : "absent"
        )
      )
    return { source, truths, requests: vendor.requests } satisfies Vendor
  })

const webitel = (seed: string) =>
  Effect.gen(function* () {
    // A fixed token that is refused stays refused; refusals of a proxy name no time, and are waited for ten seconds each.
    const kinds = faultKinds.filter((kind) => !["refusal", "expired-token", "drifting-page"].includes(kind))
    const server = yield* closing(() => startWebitel({ seed, world: world(seed), faults: harsh(seed, kinds) }))
    const source = yield* makeWebitel({
      name: "us",
      baseUrl: server.baseUrl,
      accessToken: server.token,
      region: "UA",
      idleTimeout
    })
    const unlisted = new Set(["not-ready", "expired", "removed"])
    const truths = server.truth
      .filter(({ row, state }) => row !== undefined && !unlisted.has(state))
      .map(({ fileId, sha512, state }) => truthOf(fileId, sha512, state === "available" ? undefined : "absent"))
    return { source, truths, requests: server.requests } satisfies Vendor
  })

const vendors: ReadonlyArray<readonly [string, (seed: string) => Effect.Effect<Vendor, RecordingError, Scope.Scope>]> =
  [
    ["the virtual PBX", virtualPbx],
    ["RingCentral", ringCentral],
    ["Webitel", webitel]
  ]

describe.each(vendors)("%s with every third request hit by a fault", (_, start) => {
  it.live(
    "is archived whole: all that can be had, byte for byte, and of all else the true reason",
    () =>
      Effect.gen(function* () {
        const { requests, source, truths } = yield* start("harsh archive")
        const archive = yield* folderArchive
        yield* sync(archive, source, window)
        // What failed although it was tried so often gets its one more try.
        const result = yield* sync(archive, source, window)

        const expected = new Map(truths.map((truth) => [truth.id, truth]))
        const entries = yield* entriesOf(archive)
        expect(entries.map(({ id }) => id).toSorted()).toEqual([...expected.keys()].toSorted())
        const whyOf = ({ reason, state }: Entry) => (state === "archived" ? undefined : (reason ?? state))
        const wrong = entries.filter((entry) => whyOf(entry) !== expected.get(entry.id)?.why)
        expect(wrong.map((entry) => [entry.id, whyOf(entry), expected.get(entry.id)?.why])).toEqual([])
        const archived = entries.flatMap(({ file, id }) => (file === undefined ? [] : [{ id, ...file }]))
        for (const { id, path, sha512 } of archived) {
          expect([id, sha512]).toEqual([id, expected.get(id)?.sha512()])
          expect(yield* sha512In(archive, path)).toBe(sha512)
        }

        expect(result).toMatchObject({ listed: truths.length, archived: archived.length, pending: 0, failed: 0 })
        const [{ problem, proof } = {}] = result.sources
        expect(problem).toBeUndefined()
        const bytes = Buffer.concat(yield* Stream.runCollect(archive.destination.read(proof ?? "")))
        expect(yield* checkProof(archive, bytes)).toEqual([])
        expect(archived.length).toBeGreaterThan(30)
        expect(requests.entries.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(20)
      }),
    120_000
  )
})
