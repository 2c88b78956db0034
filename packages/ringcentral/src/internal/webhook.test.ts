import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { parseEvent } from "./events.ts"
import { notificationOf } from "./webhook.ts"

const address = "https://crm.example/ringcentral"
const token = "verify-5f2c9a"
const secret = Redacted.make(token)

interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const request = ({ body, headers = {} }: Sent): Request =>
  new Request(address, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : body === undefined ? null : JSON.stringify(body)
  })

const parties = [
  {
    accountId: "11111111",
    id: "p-1",
    extensionId: "22222222",
    to: { phoneNumber: "+16505550100", name: "Jane Doe", extensionId: "22222222" },
    from: { phoneNumber: "+14155550100", name: "John Smith" },
    recordings: [{ id: "44444444", active: false }],
    status: { code: "Answered", rcc: false }
  }
]
const event = (more: Readonly<Record<string, unknown>> = {}) => ({
  uuid: "12345678901234567890",
  event: "/restapi/v1.0/account/11111111/telephony/sessions",
  body: { sequence: 7, sessionId: "1234567890", telephonySessionId: "s-1", parties, ...more }
})

/** What an answer without a body weighs on the wire, with the few headers that servers add by themselves. */
const bytesOf = (response: Response): number => {
  const added = [
    "Date: Sun, 08 Mar 2026 10:45:00 GMT",
    "Connection: keep-alive",
    "Keep-Alive: timeout=5",
    "Content-Length: 0"
  ]
  const own = [...response.headers].map(([name, value]) => `${name}: ${value}`)
  return Buffer.byteLength(["HTTP/1.1 200 OK", ...own, ...added, "", ""].join("\r\n"))
}

describe("the test of a new subscription", () => {
  it.effect.each([
    ["without a verification token", undefined],
    ["with one configured", secret]
  ] as const)("gets its token back, %s", ([_, verificationToken]) =>
    Effect.gen(function* () {
      const validation = "4d8fb79b-7c48-4a3e-9a0f-1f0f9f6c1a55"
      const sent = request({ headers: { "Validation-Token": validation } })
      const { calls, response } = yield* notificationOf(sent, verificationToken)
      expect(response.status).toBe(200)
      expect(response.headers.get("validation-token")).toBe(validation)
      expect(yield* Effect.promise(() => response.text())).toBe("")
      expect(calls).toEqual([])
    })
  )

  it.effect.each([1, 36, 200, 512, 513, 1_000, 5_000, 60_000])(
    "is answered in less than a kilobyte, with a token of %i characters",
    (length) =>
      Effect.gen(function* () {
        const sent = request({ headers: { "Validation-Token": "v".repeat(length) } })
        const { calls, response } = yield* notificationOf(sent, undefined)
        expect(bytesOf(response)).toBeLessThan(1_024)
        expect(calls).toEqual([])
      })
  )

  it.effect("is refused where the token is longer than any of the vendor's", () =>
    Effect.gen(function* () {
      const sent = request({ headers: { "Validation-Token": "v".repeat(2_000) } })
      const { response } = yield* notificationOf(sent, undefined)
      expect(response.status).toBe(400)
      expect(response.headers.get("validation-token")).toBeNull()
    })
  )
})

describe("a notification", () => {
  it.effect("is answered at once, and leads to the recordings of its call", () =>
    Effect.gen(function* () {
      const { calls, response } = yield* notificationOf(request({ body: event() }), undefined)
      expect(response.status).toBe(200)
      expect(yield* Effect.promise(() => response.text())).toBe("")
      expect(bytesOf(response)).toBeLessThan(1_024)
      expect(calls).toHaveLength(1)
      expect(calls.flatMap((call) => ("event" in call ? [parseEvent(call.event)] : []))).toEqual([
        {
          telephonySessionId: "s-1",
          sessionId: "1234567890",
          recordings: [{ id: "44444444", account: "11111111" }],
          isOver: false
        }
      ])
    })
  )

  it.effect("hands on nothing of people", () =>
    Effect.gen(function* () {
      const { calls } = yield* notificationOf(request({ body: event() }), undefined)
      expect(calls).toHaveLength(1)
      expect(JSON.stringify(calls)).not.toMatch(/5550100|Jane|Doe|John|Smith/)
    })
  )

  it.effect("leads to a call that is over, though no recording was announced", () =>
    Effect.gen(function* () {
      const over = event({ parties: [{ id: "p-1", status: { code: "Disconnected" } }] })
      const { calls } = yield* notificationOf(request({ body: over }), undefined)
      expect(calls).toEqual([{ event: expect.objectContaining({ telephonySessionId: "s-1" }) }])
    })
  )

  it.effect.each([
    ["a call that goes on without a recording", event({ parties: [{ id: "p-1", status: { code: "Answered" } }] })],
    [
      "a call of which one party was transferred",
      event({ parties: [{ id: "p-1", status: { code: "Disconnected", reason: "BlindTransfer" } }] })
    ],
    ["another event", { event: "/restapi/v1.0/account/~/extension/~/voicemail", body: { id: 5, type: "Voicemail" } }],
    ["broken JSON", "{"],
    ["text", "hello"],
    ["an empty body", ""],
    ["white space", " \r\n"],
    ["no body", undefined]
  ] as const)("is taken, and leads nowhere: %s", ([_, body]) =>
    Effect.gen(function* () {
      const { calls, response } = yield* notificationOf(request({ body }), undefined)
      expect(response.status).toBe(200)
      expect(calls).toEqual([])
    })
  )

  it.effect("is not read where it is far longer than any of the vendor's", () =>
    Effect.gen(function* () {
      const sent = request({ headers: { "Content-Length": "20000000" }, body: event() })
      const { calls, response } = yield* notificationOf(sent, undefined)
      expect(response.status).toBe(413)
      expect(sent.bodyUsed).toBe(false)
      expect(calls).toEqual([])
    })
  )

  it.effect("is not read to its end where it is longer and does not say so", () =>
    Effect.gen(function* () {
      let sent = 0
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          sent += 65_536
          controller.enqueue(new Uint8Array(65_536).fill(32))
        }
      })
      const endless = new Request("http://localhost/hook", { method: "POST", body, duplex: "half" })
      const { response } = yield* notificationOf(endless, undefined)
      expect(response.status).toBe(413)
      expect(sent).toBeLessThan(2 * 1024 * 1024)
    })
  )

  it.effect("is refused where its body cannot be read", () =>
    Effect.gen(function* () {
      const used = request({ body: event() })
      yield* Effect.promise(() => used.text())
      const { calls, response } = yield* notificationOf(used, undefined)
      expect(response.status).toBe(400)
      expect(calls).toEqual([])
    })
  )
})

describe("the verification token", () => {
  it.effect("lets notifications in that carry it", () =>
    Effect.gen(function* () {
      const sent = request({ headers: { "Verification-Token": token }, body: event() })
      const { calls, response } = yield* notificationOf(sent, secret)
      expect(response.status).toBe(200)
      expect(calls).toHaveLength(1)
    })
  )

  it.effect.each([
    ["another one", { "Verification-Token": "verify-5f2c9b" }],
    ["a part of it", { "Verification-Token": token.slice(0, -1) }],
    ["more than it", { "Verification-Token": `${token}0` }],
    ["it in other letters", { "Verification-Token": token.toUpperCase() }],
    ["an empty one", { "Verification-Token": "" }],
    ["none", {}],
    ["none, beside a validation token", { "Validation-Token": "v-1" }]
  ] as const)("keeps notifications out that carry %s", ([_, headers]) =>
    Effect.gen(function* () {
      const { calls, response } = yield* notificationOf(request({ headers, body: event() }), secret)
      expect(response.status).toBe(401)
      expect(calls).toEqual([])
      expect(bytesOf(response)).toBeLessThan(1_024)
      expect(`${yield* Effect.promise(() => response.text())}${JSON.stringify([...response.headers])}`).not.toContain(
        token
      )
    })
  )

  it.effect("is not asked for where none is configured", () =>
    Effect.gen(function* () {
      const sent = request({ headers: { "Verification-Token": "whatever" }, body: event() })
      expect((yield* notificationOf(sent, undefined)).calls).toHaveLength(1)
    })
  )
})
