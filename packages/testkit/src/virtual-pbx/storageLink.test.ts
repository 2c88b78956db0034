import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { openPath, sealPath } from "./storageLink.ts"

const key = new Uint8Array(32).fill(5)

describe("the storage link", () => {
  it("is whole blocks in web-safe base64, and opens to the path", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w/.-]{1,100}$/), (path) => {
        const segment = sealPath(key, path)
        expect(segment).toMatch(/^[\w-]+={0,2}$/)
        expect(Buffer.from(segment, "base64url").length).toBe(Math.ceil(path.length / 16) * 16)
        expect(openPath(key, segment)).toBe(path)
      })
    )
  })

  it("is the same each time and another with another key", () => {
    expect(sealPath(key, "/1/2.mp3")).toBe(sealPath(key, "/1/2.mp3"))
    expect(sealPath(new Uint8Array(32), "/1/2.mp3")).not.toBe(sealPath(key, "/1/2.mp3"))
  })

  it.each(["", "abc", "favicon.ico", "AAAA", "a b==", "../../etc"])("%j is no link", (segment) => {
    expect(openPath(key, segment)).toBeUndefined()
  })
})
