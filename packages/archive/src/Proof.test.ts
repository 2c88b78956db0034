import fc from "fast-check"
import * as Either from "fp-ts/lib/Either.js"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { addsUp, hashOfIds, Proof, sentenceOf } from "./Proof.ts"

const proof: Proof = {
  proof: "callreel/1",
  source: "us",
  provider: "memory",
  at: "2026-03-02T00:00:00.000Z",
  tool: "callreel test",
  listed: 6,
  archived: 2,
  unavailable: { expired: 1, "too-short": 1 },
  pending: 1,
  failed: 1,
  suspect: 0,
  bytes: 100,
  slices: [
    { from: "2026-03-01T00:00:00.000Z", to: "2026-03-02T00:00:00.000Z", listed: 4, sha256: "0" },
    { listed: 2, sha256: "1" }
  ]
}

describe("addsUp", () => {
  it("is true where the states and the slices come to what was listed", () => {
    expect(addsUp(proof)).toBe(true)
    expect(addsUp({ ...proof, listed: 0, archived: 0, unavailable: {}, pending: 0, failed: 0, slices: [] })).toBe(true)
  })

  it.each([
    ["listed", { listed: 7 }],
    ["archived", { archived: 3 }],
    ["unavailable", { unavailable: { expired: 1 } }],
    ["pending", { pending: 0 }],
    ["failed", { failed: 2 }],
    ["slices", { slices: proof.slices.slice(1) }],
    ["states and slices together", { listed: 7, archived: 3 }]
  ] satisfies ReadonlyArray<readonly [string, Partial<Proof>]>)("is false where %s differs", (_, changed) => {
    expect(addsUp({ ...proof, ...changed })).toBe(false)
  })
})

describe("the codec", () => {
  it("takes a proof, with or without what may be missing", () => {
    const whole = {
      ...proof,
      from: "a",
      to: "b",
      previous: "c",
      vendor: { recordings: 1, bytes: 2, difference: { recordings: -1, bytes: 0 } }
    }
    expect(Proof.decode(proof)).toEqual(Either.right(proof))
    expect(Proof.decode(whole)).toEqual(Either.right(whole))
  })

  it.each(["proof", "source", "listed", "slices", "unavailable", "tool"] as const)("refuses one without %s", (key) => {
    const { [key]: _, ...rest } = proof
    expect(Either.isLeft(Proof.decode(rest))).toBe(true)
  })

  it("refuses one of a later form", () => {
    expect(Either.isLeft(Proof.decode({ ...proof, proof: "callreel/2" }))).toBe(true)
  })
})

describe("sentenceOf", () => {
  it.each([
    [
      { listed: 1204, archived: 1190, unavailable: { "too-short": 5, expired: 3 }, pending: 4, failed: 2 },
      "1,204 listed: 1,190 archived, 8 unavailable (5 too-short, 3 expired), 4 pending, 2 failed"
    ],
    [
      { listed: 0, archived: 0, unavailable: {}, pending: 0, failed: 0 },
      "0 listed: 0 archived, 0 unavailable, 0 pending, 0 failed"
    ],
    [
      { listed: 1, archived: 0, unavailable: { absent: 0, forbidden: 1 }, pending: 0, failed: 0 },
      "1 listed: 0 archived, 1 unavailable (1 forbidden), 0 pending, 0 failed"
    ]
  ])("says %j in words", (counts, sentence) => {
    expect(sentenceOf(counts)).toBe(sentence)
  })
})

describe("hashOfIds", () => {
  it("is the SHA-256 of the sorted ids, one a line, as sort and sha256sum make it", () => {
    expect(hashOfIds(["b", "a", "C"])).toBe(createHash("sha256").update("C\na\nb\n").digest("hex"))
    expect(hashOfIds([])).toBe(createHash("sha256").digest("hex"))
  })

  it("does not depend on the order, and on nothing but the ids", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (ids, seed) => {
        const turned = [...ids.slice(seed % ids.length), ...ids.slice(0, seed % ids.length)]
        const before = [...ids]
        expect(hashOfIds(turned)).toBe(hashOfIds(ids))
        expect(hashOfIds(ids.slice(1))).not.toBe(hashOfIds(ids))
        expect(ids).toEqual(before)
      })
    )
  })
})
