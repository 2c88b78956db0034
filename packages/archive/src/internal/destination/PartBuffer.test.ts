import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { PartBuffer } from "./PartBuffer.ts"

describe("PartBuffer", () => {
  it("gives full parts and the rest, in order, however the bytes came", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 25 })), fc.integer({ min: 1, max: 10 }), (pieces, partSize) => {
        const buffer = new PartBuffer(partSize)
        const parts = pieces.flatMap((piece) => [...buffer.add(piece)])
        const rest = buffer.rest()
        expect(Buffer.concat([...parts, rest])).toEqual(Buffer.concat(pieces))
        expect(new Set(parts.map(({ length }) => length)).size).toBeLessThanOrEqual(1)
        expect(parts.every(({ length }) => length === partSize)).toBe(true)
        expect(rest.length).toBeLessThanOrEqual(partSize)
        expect(rest.length > 0 || parts.length === 0).toBe(true)
      })
    )
  })

  it("does not see what becomes of the caller's bytes", () => {
    const buffer = new PartBuffer(10)
    const bytes = new Uint8Array([1, 2, 3])
    expect([...buffer.add(bytes)]).toEqual([])
    bytes.fill(9)
    expect([...buffer.rest()]).toEqual([1, 2, 3])
  })
})
