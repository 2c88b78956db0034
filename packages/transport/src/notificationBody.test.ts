import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { notificationBody } from "./notificationBody.ts"

const request = (body: RequestInit["body"], headers: Readonly<Record<string, string>> = {}) =>
  new Request("http://hook.example/", { method: "POST", headers, duplex: "half", ...(body != null && { body }) })

/** A body that goes on for ever, and tells how much of it was taken. */
const endless = () => {
  const taken = { bytes: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      taken.bytes += 65_536
      controller.enqueue(new Uint8Array(65_536))
    },
    cancel: () => {
      taken.cancelled = true
    }
  })
  return { stream, taken }
}

describe("notificationBody", () => {
  it.effect("reads text, over the borders of its pieces", () =>
    Effect.gen(function* () {
      const bytes = new TextEncoder().encode("a=є")
      const pieces = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
          controller.close()
        }
      })
      expect(yield* notificationBody(request(pieces))).toBe("a=є")
      expect(yield* notificationBody(request(null))).toBe("")
    })
  )

  it.effect("refuses what is too long, by its headers or by what comes", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(notificationBody(request("x", { "content-length": "1048577" })))).toBe(413)
      const { stream, taken } = endless()
      expect(yield* Effect.flip(notificationBody(request(stream)))).toBe(413)
      expect(taken.cancelled).toBe(true)
      expect(taken.bytes).toBeLessThan(2 * 1024 * 1024)
    })
  )

  it.effect("refuses what cannot be read", () =>
    Effect.gen(function* () {
      const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error("reset")) })
      expect(yield* Effect.flip(notificationBody(request(broken)))).toBe(400)
    })
  )
})
