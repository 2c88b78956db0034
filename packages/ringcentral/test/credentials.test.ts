import { expect, it } from "@effect/vitest"
import type { RecordingReference } from "@callreel/recording"
import { Effect, Stream } from "effect"
import nock from "nock"
import { afterEach, beforeEach, describe } from "vitest"
import { sampleLog, sampleRecord } from "./sampleCall.ts"
import { audioHeaders, intercepted, login, mediaOrigin, platformOrigin, read, sampleAudio } from "./vendorScope.ts"

const evil = "https://media.ringcentral.com.evil.example"
const content = "/restapi/v1.0/account/~/recording/44444444/content"
const window = { from: new Date("2019-03-08T00:00:00Z"), to: new Date("2019-03-09T00:00:00Z") }
const reference: RecordingReference = { id: "44444444", call: { sessionId: "1234567890" } }

/** Every request with what it carried, wherever it went. */
const watched = () => {
  const seen: Array<{ readonly origin: string; readonly secret: boolean }> = []
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const carried = [request.url.split("?")[1] ?? "", ...request.headers.values()].join(" ")
    seen.push({ origin: new URL(request.url).origin, secret: /token-1|header\.payload|Basic/.test(carried) })
    return globalThis.fetch(request)
  }
  return { seen, fetch }
}

/** The sample's page with other addresses in it. */
const logWith = (contentUri: string, nextPage?: string) => ({
  ...sampleLog,
  records: [{ ...sampleRecord, recording: { ...sampleRecord.recording, contentUri } }],
  navigation: { ...(nextPage !== undefined && { nextPage: { uri: nextPage } }) }
})

beforeEach(() => {
  nock.disableNetConnect()
  // Answers, so that a request that should never be made succeeds and is seen.
  nock(evil).persist().get(/.*/).reply(200, sampleAudio, audioHeaders)
})

afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

const hostileAddresses = [
  `${evil}${content}`,
  "http://media.ringcentral.com/restapi/v1.0/account/1/recording/44444444/content",
  "https://media.ringcentral.com@evil.example/content",
  "https://media.ringcentral.com:8443/content",
  "https://evil.example\\@media.ringcentral.com/content",
  "file:///etc/passwd",
  "//evil.example/content"
]

describe("credentials", () => {
  it.live.each(hostileAddresses)("are not sent to the contentUri %s, which is refused", (address) =>
    Effect.gen(function* () {
      login()
      nock(mediaOrigin).get(content).reply(404, {})
      nock(platformOrigin).get("/restapi/v1.0/account/~/call-log").query(true).reply(200, logWith(address))
      const { fetch, seen } = watched()
      const source = yield* intercepted({ fetch })
      const error = yield* Effect.flip(read(source, reference))
      expect(error.reason._tag).toBe("InvalidResponse")
      // The login, the built address, the call log; nothing else.
      expect(seen.map(({ origin }) => origin)).toEqual([platformOrigin, mediaOrigin, platformOrigin])
    })
  )

  it.live("go to a further origin that is configured, and the error says how", () =>
    Effect.gen(function* () {
      login()
      nock(mediaOrigin).get(content).reply(404, {})
      nock(platformOrigin)
        .get("/restapi/v1.0/account/~/call-log")
        .query(true)
        .times(2)
        .reply(200, logWith(`${evil}${content}`))
      const refusing = yield* intercepted()
      const error = yield* Effect.flip(read(refusing, reference))
      expect(error.message).toContain(`${evil}, which is not trusted; if it should be, add it to mediaOrigins`)
      login()
      nock(mediaOrigin).get(content).reply(404, {})
      const { fetch, seen } = watched()
      const allowing = yield* intercepted({ fetch, mediaOrigins: [evil] })
      expect((yield* read(allowing, reference)).bytes).toEqual(sampleAudio)
      expect(seen).toContainEqual({ origin: evil, secret: true })
    })
  )

  it.live("are not sent to the next page on another origin, which fails the listing", () =>
    Effect.gen(function* () {
      login()
      const log = logWith(`${mediaOrigin}${content}`, `${evil}/restapi/v1.0/account/1/call-log?page=2`)
      nock(platformOrigin).get("/restapi/v1.0/account/~/call-log").query(true).reply(200, log)
      const { fetch, seen } = watched()
      const source = yield* intercepted({ fetch })
      const error = yield* Effect.flip(Stream.runCollect(source.list(window)))
      expect(error.message).toContain("mediaOrigins")
      expect(seen.map(({ origin }) => origin)).not.toContain(evil)
    })
  )

  // A signed address of a storage, say: it is followed, as the vendor asks clients to, with nothing of ours.
  it.live.each([301, 302, 303, 307, 308])(
    "stay behind after a redirect (%i) of the audio to another origin",
    (status) =>
      Effect.gen(function* () {
        login()
        nock(mediaOrigin)
          .get(content)
          .reply(status, "", { location: `${evil}/content?signature=1` })
        const { fetch, seen } = watched()
        const source = yield* intercepted({ fetch })
        expect((yield* read(source, { id: "44444444" })).bytes).toEqual(sampleAudio)
        expect(seen.slice(1)).toEqual([
          { origin: mediaOrigin, secret: true },
          { origin: evil, secret: false }
        ])
      })
  )

  it.live("stay behind after a redirect of the call log to another origin, which is refused", () =>
    Effect.gen(function* () {
      login()
      nock(platformOrigin)
        .get("/restapi/v1.0/account/~/call-log")
        .query(true)
        .reply(302, "", { location: `${evil}/call-log` })
      const { fetch, seen } = watched()
      const source = yield* intercepted({ fetch })
      const error = yield* Effect.flip(Stream.runCollect(source.list(window)))
      expect(error.message).toContain(`${evil}, which is not trusted; if it should be, add it to mediaOrigins`)
      expect(seen.map(({ origin }) => origin)).not.toContain(evil)
    })
  )

  it.live("are sent after a redirect within the configured origins", () =>
    Effect.gen(function* () {
      login()
      nock(mediaOrigin)
        .get(content)
        .reply(302, "", { location: `${platformOrigin}/moved` })
      nock(platformOrigin, { reqheaders: { authorization: "Bearer token-1" } })
        .get("/moved")
        .reply(200, sampleAudio, audioHeaders)
      expect((yield* read(yield* intercepted(), { id: "44444444" })).bytes).toEqual(sampleAudio)
    })
  )

  it.live("of the login go to the platform alone, and are not sent on", () =>
    Effect.gen(function* () {
      nock(platformOrigin)
        .post("/restapi/oauth/token")
        .reply(307, "", { location: `${evil}/restapi/oauth/token` })
      nock(evil).post(/.*/).reply(200, { access_token: "stolen", expires_in: 3600 })
      const { fetch, seen } = watched()
      const source = yield* intercepted({ fetch })
      yield* Effect.flip(read(source, { id: "44444444" }))
      expect(seen).toEqual([{ origin: platformOrigin, secret: true }])
    })
  )

  it.live("are in no link to another origin", () =>
    Effect.gen(function* () {
      login()
      nock(platformOrigin)
        .get("/restapi/v1.0/account/~/recording/44444444")
        .reply(200, { id: "44444444", contentUri: `${evil}${content}`, contentType: "audio/mpeg", duration: 17 })
      const source = yield* intercepted()
      const error = yield* Effect.flip(source.link({ id: "44444444" }))
      expect(error.reason._tag).toBe("InvalidResponse")
    })
  )
})
