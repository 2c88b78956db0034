import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { checkRange, deliveredRange, planDelivery, type Delivery } from "./mediaPlan.ts"

const plan = (delivery: Partial<Delivery>) =>
  planDelivery({
    status: 200,
    contentLength: undefined,
    contentRange: undefined,
    range: undefined,
    expectedBytes: undefined,
    ...delivery
  })

describe("planDelivery", () => {
  it.each<[string, Partial<Delivery>, object]>([
    ["whole", { contentLength: 100 }, { start: 0, end: 100, bodyStart: 0, bodyEnd: 100, total: 100 }],
    ["whole, as promised", { contentLength: 100, expectedBytes: 100 }, { end: 100, bodyEnd: 100 }],
    ["whole, length only promised", { expectedBytes: 100 }, { end: 100, bodyEnd: undefined }],
    ["whole, length unknown", {}, { start: 0, end: undefined, bodyEnd: undefined, total: undefined }],
    [
      "a part as asked",
      { status: 206, range: { start: 10, end: 19 }, contentRange: { start: 10, end: 19, total: 100 } },
      { start: 10, end: 20, bodyStart: 10, bodyEnd: 20, total: 100, partial: true }
    ],
    [
      "a shorter part than asked",
      { status: 206, range: { start: 10 }, contentRange: { start: 10, end: 19, total: 100 } },
      { start: 10, end: 100, bodyEnd: 20 }
    ],
    [
      "a part unasked",
      { status: 206, contentRange: { start: 0, end: 49, total: 100 } },
      { start: 0, end: 100, bodyEnd: 50, partial: false }
    ],
    [
      "range past the end",
      { status: 206, range: { start: 90, end: 500 }, contentRange: { start: 90, end: 99, total: 100 } },
      { start: 90, end: 100 }
    ],
    [
      "range ignored",
      { contentLength: 100, range: { start: 10, end: 19 } },
      { start: 10, end: 20, bodyStart: 0, bodyEnd: 100, partial: true }
    ],
    ["open range ignored", { contentLength: 100, range: { start: 10 } }, { start: 10, end: 100, bodyStart: 0 }],
    ["range ignored, length promised", { expectedBytes: 100, range: { start: 10 } }, { start: 10, end: 100 }],
    ["range ignored, no length", { range: { start: 10, end: 19 } }, { start: 10, end: 20, total: undefined }],
    ["range from 0 ignored, no length", { range: { start: 0 } }, { start: 0, end: undefined }]
  ])("%s", (_, delivery, expected) => {
    expect(Result.getOrThrow(plan(delivery))).toMatchObject(expected)
  })

  it.each<[string, Partial<Delivery>, object]>([
    ["empty", { contentLength: 0 }, { _tag: "InvalidResponse" }],
    ["no content", { status: 204 }, { _tag: "InvalidResponse" }],
    [
      "shorter than listed",
      { contentLength: 99, expectedBytes: 100 },
      { _tag: "Truncated", expected: 100, received: 99 }
    ],
    [
      "part of a shorter file than listed",
      { status: 206, range: { start: 0 }, contentRange: { start: 0, end: 9, total: 10 }, expectedBytes: 100 },
      { _tag: "Truncated", expected: 100, received: 10 }
    ],
    ["part without Content-Range", { status: 206, range: { start: 0 } }, { _tag: "InvalidResponse" }],
    [
      "another part",
      { status: 206, range: { start: 10 }, contentRange: { start: 0, end: 9, total: 100 } },
      { _tag: "InvalidResponse" }
    ],
    [
      "too much",
      { status: 206, range: { start: 0, end: 5 }, contentRange: { start: 0, end: 9, total: 100 } },
      { _tag: "InvalidResponse" }
    ],
    ["a later part unasked", { status: 206, contentRange: { start: 5, end: 9 } }, { _tag: "InvalidResponse" }],
    [
      "contradiction",
      { status: 206, contentLength: 9, contentRange: { start: 0, end: 9, total: 10 } },
      { _tag: "InvalidResponse" }
    ],
    ["range after the end", { contentLength: 100, range: { start: 100 } }, { _tag: "InvalidQuery", field: "range" }],
    ["open range ignored, no length", { range: { start: 5 } }, { _tag: "InvalidResponse" }]
  ])("%s is refused", (_, delivery, expected) => {
    expect(Result.getOrThrow(Result.flip(plan(delivery)))).toMatchObject(expected)
  })
})

describe("deliveredRange", () => {
  it("is told only where a part was asked for", () => {
    const asked = Result.getOrThrow(plan({ contentLength: 100, range: { start: 10, end: 19 } }))
    expect(deliveredRange(asked)).toEqual({ start: 10, end: 19, total: 100 })
    expect(deliveredRange(Result.getOrThrow(plan({ contentLength: 100 })))).toBeUndefined()
  })
})

describe("checkRange", () => {
  it.each([
    [undefined, true],
    [{ start: 0 }, true],
    [{ start: 5, end: 5 }, true],
    [{ start: 5, end: 4 }, false],
    [{ start: -1 }, false],
    [{ start: 0.5 }, false],
    [{ start: 0, end: Number.NaN }, false]
  ])("%j: %s", (range, good) => {
    expect(checkRange(range) === undefined).toBe(good)
  })
})
