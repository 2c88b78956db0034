import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeStorageLink, encodeStorageLink } from "./StorageLink.ts"

const key = Buffer.from("0123456789abcdef0123456789abcdef")

describe("storage links", () => {
  it("decode to what they encode, for any path", () => {
    const path = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text))
    fc.assert(
      fc.property(path, (text) => {
        expect(decodeStorageLink(encodeStorageLink(text, key), key)).toBe(text)
      })
    )
  })

  it("pad with NUL to 16 bytes and keep the = of web-safe base64", () => {
    const link = encodeStorageLink("/300/2017-02-17-11-05-04_in_300_uhl4.mp3", key)
    // 40 characters fill three blocks: 48 bytes are 64 characters without any `=`.
    expect(link).toMatch(/^[A-Za-z0-9_-]{64}$/)
    expect(encodeStorageLink("x".repeat(64), key)).toMatch(/^[A-Za-z0-9_-]{86}==$/)
  })

  it("agree with an independent implementation", () => {
    // printf '/300/a.mp3\0\0\0\0\0\0' | openssl enc -aes-256-ecb -nopad -K <key> | base64
    expect(encodeStorageLink("/300/a.mp3", key)).toBe("ar2tOnF0fdB9OM9FfP02tQ==")
  })

  it.each([
    ["another key's link", encodeStorageLink("/300/a.mp3", Buffer.from("f".repeat(32)))],
    ["half a block", "AAAAAAAAAAA="],
    ["nothing", ""],
    ["characters that base64 does not have", "../../etc/passwd"]
  ])("refuse %s", (_, link) => {
    expect(decodeStorageLink(link, key)).toBeUndefined()
  })

  it("refuse a key of the wrong length", () => {
    expect(() => encodeStorageLink("/a", Buffer.from("short"))).toThrow(RangeError)
  })
})
