import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { bodyOf, contentHashOf, verifyContent } from "./content.ts"
import type { VconContent } from "./Vcon.ts"

const bytes = new TextEncoder().encode("audio")
const other = new TextEncoder().encode("Audio")
const hash = (algorithm: string): string => `${algorithm}-${createHash(algorithm).update(bytes).digest("base64url")}`
const body = Buffer.from(bytes).toString("base64url")

describe("contentHashOf", () => {
  it("is the hash in unpadded base64url, after the algorithm's name", () => {
    expect(contentHashOf(createHash("sha512").update("").digest("hex"))).toBe(
      "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c5H0NE8XYXysP-DGNKHfuwvY7kxvUdBeoGlODJ6-SfaPg"
    )
  })
})

describe("bodyOf", () => {
  it.each<[VconContent, Uint8Array | undefined]>([
    [{ body, encoding: "base64url" }, bytes],
    [{ body: "audio", encoding: "none" }, bytes],
    [{ body: "audio", encoding: "json" }, undefined],
    [{ body: "audio" }, undefined],
    [{ body: { a: 1 }, encoding: "json" }, undefined],
    [{}, undefined]
  ])("of %j is %j", (content, expected) => {
    expect(bodyOf(content)).toEqual(expected)
  })
})

describe("verifyContent", () => {
  it.each<[string, VconContent, Uint8Array | undefined, boolean]>([
    ["a hash that agrees", { content_hash: hash("sha512") }, bytes, true],
    ["a hash that does not", { content_hash: hash("sha512") }, other, false],
    ["all hashes of several", { content_hash: [hash("sha512"), hash("sha256")] }, bytes, true],
    ["one of several that does not", { content_hash: [hash("sha512"), "sha256-AAAA"] }, bytes, false],
    ["one of several that is unknown", { content_hash: [hash("sha512"), "shake256-AAAA"] }, bytes, true],
    ["no hash but an unknown one", { content_hash: "shake256-AAAA" }, bytes, false],
    ["a hash that is cut", { content_hash: hash("sha512").slice(0, -1) }, bytes, false],
    ["a padded hash", { content_hash: `${hash("sha512")}==` }, bytes, false],
    ["an empty list of hashes", { content_hash: [] }, bytes, false],
    ["no hash", { filename: "a.mp3" }, bytes, false],
    ["the file inside", { body, encoding: "base64url" }, bytes, true],
    ["another than the file inside", { body, encoding: "base64url" }, other, false],
    ["the file inside by its hash", { body, encoding: "base64url", content_hash: hash("sha512") }, undefined, true],
    [
      "a changed file inside",
      { body: "QXVkaW8", encoding: "base64url", content_hash: hash("sha512") },
      undefined,
      false
    ],
    ["a file inside without a hash", { body, encoding: "base64url" }, undefined, false],
    ["nothing at all", { content_hash: hash("sha512") }, undefined, false]
  ])("goes by %s", (_, content, given, expected) => {
    expect(verifyContent(content, given)).toBe(expected)
  })
})
