import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Tail } from "./Tail.ts"

describe("Tail", () => {
  it("has the last bytes of all that went by, however they were cut", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }),
        (length, pieces) => {
          const tail = new Tail(length)
          for (const piece of pieces) tail.add(piece)
          const all = Buffer.concat(pieces)
          expect([...tail.bytes()]).toEqual([...all.subarray(Math.max(0, all.length - length))])
        }
      )
    )
  })

  it("does not see what becomes of a piece afterwards", () => {
    const tail = new Tail(4)
    const piece = new Uint8Array([1, 2, 3, 4, 5])
    tail.add(piece)
    piece.fill(9)
    expect([...tail.bytes()]).toEqual([2, 3, 4, 5])
  })

  it("is empty before anything came", () => {
    expect(new Tail(4).bytes()).toHaveLength(0)
  })
})
