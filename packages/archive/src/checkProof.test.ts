import { describe, expect, it } from "@effect/vitest"
import { memorySource } from "@callreel/testkit"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { createHash, generateKeyPairSync } from "node:crypto"
import { checkProof, type ProofProblem } from "./checkProof.ts"
import type { Entry } from "./Entry.ts"
import { folderArchive, pathsOf, proofAt, readFileOf, sync } from "./internal/testing/test/sync/archives.ts"
import { entryFor, minutesAfter, wholeDay, worldOf } from "./internal/testing/test/sync/worlds.ts"
import { readProofKey } from "./internal/proof/proofKey.ts"
import { signaturePathOf } from "./internal/proof/writeProof.ts"
import { hashOfIds, type Proof } from "./Proof.ts"

const { privateKey, publicKey } = generateKeyPairSync("ed25519")
const privatePem = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString()

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

const plans = [
  { id: "a", minute: 0 },
  { id: "b", minute: 1 },
  { id: "c", minute: -24 * 60 }
]
const window = { from: minutesAfter(-48 * 60), to: minutesAfter(60) }

/** An archive of three recordings on two days, and its proof. */
const proved = Effect.gen(function* () {
  yield* TestClock.setTime(minutesAfter(600).getTime())
  const archive = yield* folderArchive
  const world = worldOf(plans)
  const source = memorySource("us", world)
  const proofKey = yield* readProofKey(privatePem)
  const again = sync(archive, [source], { ...window, proofKey })
  const result = yield* again
  const path = result.sources[0]?.proof ?? ""
  return { archive, world, source, path, again, bytes: yield* readFileOf(archive, path) }
})

const encode = (proof: unknown): Uint8Array => Buffer.from(JSON.stringify(proof))

const kindsOf = (problems: ReadonlyArray<ProofProblem>) => problems.map(({ problem }) => problem)

/** What is found wrong with a proof that was changed. */
const problemsAfter = (change: (proof: Proof) => unknown) =>
  Effect.gen(function* () {
    const { archive, path } = yield* proved
    return yield* checkProof(archive, encode(change(yield* proofAt(archive, path))))
  })

const tombstone = (id: string): Entry => ({
  source: "us",
  id,
  state: "erased",
  attempts: 0,
  startedAt: minutesAfter(2)
})

describe("a proof that is true", () => {
  it.effect("has no problems, also when it is signed and by whom is asked", () =>
    Effect.gen(function* () {
      const { archive, bytes, path } = yield* proved
      expect(yield* checkProof(archive, bytes)).toEqual([])
      const signature = (yield* readFileOf(archive, signaturePathOf(path))).toString("utf8")
      expect(yield* checkProof(archive, bytes, { signature, publicKey: publicPem })).toEqual([])
    })
  )

  it.effect("stays so when more is listed later, of the same days too", () =>
    Effect.gen(function* () {
      const { again, archive, bytes, world } = yield* proved
      world.entries.push(entryFor({ id: "late", minute: 5 }), entryFor({ id: "later", minute: -10 }))
      yield* again
      expect(yield* checkProof(archive, bytes)).toEqual([])
    })
  )
})

describe("what can be wrong", () => {
  it.effect.each(["", "no JSON", "[]", '{"proof":"callreel/1"}', '{"proof":"callreel/2"}', "\u{fffd}\0"])(
    "%j is no proof",
    (text) =>
      Effect.gen(function* () {
        expect(kindsOf(yield* checkProof(yield* folderArchive, Buffer.from(text)))).toEqual(["format"])
      })
  )

  it.effect("sums that do not add up", () =>
    Effect.gen(function* () {
      expect(kindsOf(yield* problemsAfter((proof) => ({ ...proof, archived: 4 })))).toEqual(["unknown", "sums"])
      expect(kindsOf(yield* problemsAfter((proof) => ({ ...proof, failed: 1, archived: 2 })))).toEqual(["unknown"])
    })
  )

  it.effect("a slice with other recordings: as many, but not these", () =>
    Effect.gen(function* () {
      const problems = yield* problemsAfter((proof) => ({
        ...proof,
        slices: proof.slices.map((slice) => (slice.listed === 2 ? { ...slice, sha256: hashOfIds(["a", "x"]) } : slice))
      }))
      expect(kindsOf(problems)).toEqual(["unknown", "slice"])
      expect(problems[1]?.detail).toContain("2026-03-01")
    })
  )

  it.effect("a slice with more recordings than the archive knows", () =>
    Effect.gen(function* () {
      const problems = yield* problemsAfter((proof) => ({
        ...proof,
        listed: 4,
        archived: 4,
        slices: proof.slices.map((slice) => (slice.listed === 2 ? { ...slice, listed: 3 } : slice))
      }))
      expect(problems.slice(1)).toEqual([
        { problem: "missing", detail: expect.stringContaining("3 were listed, the archive knows 2") }
      ])
    })
  )

  it.effect("a proof of another archive", () =>
    Effect.gen(function* () {
      const { bytes } = yield* proved
      expect(kindsOf(yield* checkProof(yield* folderArchive, bytes))).toEqual(["unknown", "missing", "missing"])
    })
  )

  it.effect("a proof before it that is not there", () =>
    Effect.gen(function* () {
      const problems = yield* problemsAfter((proof) => ({ ...proof, previous: "0".repeat(64) }))
      expect(problems.slice(1)).toEqual([{ problem: "chain", detail: expect.stringContaining("0000") }])
    })
  )

  it.effect("a signature that is missing, of another key, or of another proof", () =>
    Effect.gen(function* () {
      const { again, archive, bytes, path, world } = yield* proved
      const signature = (yield* readFileOf(archive, signaturePathOf(path))).toString("utf8")
      const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString()
      world.entries.push(entryFor({ id: "late", minute: 5 }))
      yield* again
      const next = (yield* readFileOf(archive, signaturePathOf(path))).toString("utf8")
      const checks = [
        { publicKey: publicPem },
        { publicKey: other, signature },
        { publicKey: publicPem, signature: next },
        { publicKey: publicPem, signature: "x.y.z" }
      ]
      for (const check of checks) expect(kindsOf(yield* checkProof(archive, bytes, check))).toEqual(["signature"])
    })
  )

  it.effect("a key that is none, which is said and not taken for a bad signature", () =>
    Effect.gen(function* () {
      const { archive, bytes } = yield* proved
      const error = yield* Effect.flip(checkProof(archive, bytes, { publicKey: "no key", signature: "a.b.c" }))
      expect(error.reason).toBe("InvalidOptions")
    })
  )

  it.effect("several things at once, each of which is told", () =>
    Effect.gen(function* () {
      const { archive, path } = yield* proved
      const proof = yield* proofAt(archive, path)
      const bad = encode({
        ...proof,
        listed: 9,
        previous: "0".repeat(64),
        slices: proof.slices.map((slice) => ({ ...slice, sha256: "0" }))
      })
      const problems = yield* checkProof(archive, bad, { publicKey: publicPem })
      expect(kindsOf(problems)).toEqual(["signature", "unknown", "sums", "slice", "slice", "chain"])
    })
  )
})

describe("the chain of proofs", () => {
  it.effect("names in each the hash of the one before, over windows and runs without one", () =>
    Effect.gen(function* () {
      const { archive, bytes, source } = yield* proved
      yield* TestClock.adjust(Duration.minutes(1))
      const second = yield* sync(archive, [source])
      const secondBytes = yield* readFileOf(archive, second.sources[0]?.proof ?? "")
      yield* TestClock.adjust(Duration.minutes(1))
      const third = yield* sync(archive, [source], wholeDay)
      const proofs = [
        yield* proofAt(archive, second.sources[0]?.proof),
        yield* proofAt(archive, third.sources[0]?.proof)
      ]
      expect(proofs.map(({ previous }) => previous)).toEqual([sha256Of(bytes), sha256Of(secondBytes)])
      const paths = (yield* pathsOf(archive, "proofs")).filter((path) => path.endsWith(".json"))
      expect(paths).toHaveLength(3)
      for (const path of paths) expect(yield* checkProof(archive, yield* readFileOf(archive, path))).toEqual([])
    })
  )

  it.effect("keeps a proof of the same window under its hash, with its signature", () =>
    Effect.gen(function* () {
      const { again, archive, bytes, path, world } = yield* proved
      const signature = yield* readFileOf(archive, signaturePathOf(path))
      world.entries.push(entryFor({ id: "late", minute: 5 }))
      const result = yield* again
      expect(result.sources[0]?.proof).toBe(path)
      const replaced = `proofs/us/replaced/${sha256Of(bytes)}.json`
      expect(Buffer.compare(yield* readFileOf(archive, replaced), bytes)).toBe(0)
      expect(Buffer.compare(yield* readFileOf(archive, signaturePathOf(replaced)), signature)).toBe(0)
      expect(yield* proofAt(archive, path)).toMatchObject({ listed: 4, previous: sha256Of(bytes) })
      expect(yield* checkProof(archive, yield* readFileOf(archive, path))).toEqual([])
    })
  )

  it.effect("leaves no old signature beside a proof that is not signed", () =>
    Effect.gen(function* () {
      const { archive, path, source } = yield* proved
      const result = yield* sync(archive, [source], window)
      expect(result.sources[0]?.proof).toBe(path)
      expect(yield* archive.destination.stat(signaturePathOf(path))).toBeUndefined()
    })
  )

  it.effect("breaks where a proof is taken away or changed", () =>
    Effect.gen(function* () {
      const { archive, path, source } = yield* proved
      yield* TestClock.adjust(Duration.minutes(1))
      const next = yield* sync(archive, [source])
      const bytes = yield* readFileOf(archive, next.sources[0]?.proof ?? "")
      yield* archive.destination.put(path, Buffer.from("{}"), "application/json")
      expect(kindsOf(yield* checkProof(archive, bytes))).toEqual(["chain"])
    })
  )

  it.effect("is each source's own", () =>
    Effect.gen(function* () {
      const { archive } = yield* proved
      const pbx = memorySource("pbx", worldOf([{ id: "a", source: "pbx" }]))
      const result = yield* sync(archive, [pbx], window)
      expect((yield* proofAt(archive, result.sources[0]?.proof)).previous).toBeUndefined()
    })
  )
})

describe("a proof", () => {
  it.effect("counts no tombstones, and does not miss what became one later", () =>
    Effect.gen(function* () {
      const { again, archive, path } = yield* proved
      yield* archive.ledger.put(tombstone("gone"))
      yield* again
      const bytes = yield* readFileOf(archive, path)
      expect(yield* proofAt(archive, path)).toMatchObject({ listed: 3 })
      expect(yield* checkProof(archive, bytes)).toEqual([])
      yield* archive.ledger.put({ ...tombstone("a"), startedAt: minutesAfter(0) })
      expect(yield* checkProof(archive, bytes)).toEqual([])
    })
  )

  it.effect("has recordings without a start in a slice of their own", () =>
    Effect.gen(function* () {
      const { archive, source, world } = yield* proved
      const { recording } = entryFor({ id: "undated" })
      const { call: _, ...undated } = recording
      world.entries.push({ recording: undated, audio: Buffer.from("audio") })
      const result = yield* sync(archive, [source])
      const path = result.sources[0]?.proof
      const proof = yield* proofAt(archive, path)
      expect(proof.slices.at(-1)).toEqual({ listed: 1, sha256: hashOfIds(["undated"]) })
      expect(yield* checkProof(archive, yield* readFileOf(archive, path ?? ""))).toEqual([])
      // It is not in any window.
      const dated = yield* sync(archive, [source], window)
      expect(dated.listed).toBe(3)
    })
  )

  it.effect("says where the vendor's own figures differ", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* proved
      const telling = { ...source, stats: () => Effect.succeed({ recordings: 5, bytes: 1 }) }
      const result = yield* sync(archive, [telling], window)
      const proof = yield* proofAt(archive, result.sources[0]?.proof)
      expect(proof.vendor).toEqual({ recordings: 5, bytes: 1, difference: { recordings: 2, bytes: 1 - proof.bytes } })
    })
  )
})
