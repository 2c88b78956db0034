import { describe, expect, it } from "vitest"
import { derivedUuid, isUuid, sessionUuid } from "./uuid.ts"

describe("derivedUuid", () => {
  it("is a UUID of version 8, the same for ever", () => {
    expect(derivedUuid("a", "b")).toBe("74e49c9a-ff4a-83f8-aa0c-f38fa723c637")
    expect(isUuid(derivedUuid("a", "b"))).toBe(true)
  })

  it("keeps names apart that look alike when they are joined", () => {
    const uuids = [["a", "b"], ["a,b"], ["ab"], ["a", "", "b"], ['a","b']].map((names) => derivedUuid(...names))
    expect(new Set(uuids).size).toBe(uuids.length)
  })
})

describe("sessionUuid", () => {
  it.each([
    ["0A1B2C3D-4e5f-6071-8293-a4b5c6d7e8f9", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"],
    ["0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"],
    ["0a1b2c3d4e5f60718293a4b5c6d7e8f", undefined],
    ["0a1b-2c3d4e5f60718293a4b5c6d7e8f9", undefined],
    ["s-1", undefined],
    ["", undefined],
    [undefined, undefined]
  ])("%s → %s", (text, expected) => {
    expect(sessionUuid(text)).toBe(expected)
  })
})
