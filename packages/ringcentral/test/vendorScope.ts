/** What the tests share that intercept single requests with nock. */
import { make, type RingCentralSettings } from "@callreel/ringcentral"
import type { RecordingError, RecordingReference, RecordingSource } from "@callreel/recording"
import { Effect, type Scope, Stream } from "effect"
import nock from "nock"
import { randomUUID } from "node:crypto"

export const platformOrigin = "https://platform.ringcentral.com"
export const mediaOrigin = "https://media.ringcentral.com"

/** Frames of a short MP3, as far as anybody looks. */
export const sampleAudio = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413, 7)])

/** A source of the vendor's own hosts, with an app of its own: sources of the same app and user share token and limits. */
export const intercepted = (
  more: Partial<RingCentralSettings> = {}
): Effect.Effect<RecordingSource, RecordingError, Scope.Scope> =>
  make({
    name: "us",
    clientId: randomUUID(),
    clientSecret: "secret",
    jwt: "header.payload.signature",
    region: "US",
    fetch: (input, init) => globalThis.fetch(input, init),
    ...more
  })

/** Lets the source log in once. */
export const login = () =>
  nock(platformOrigin)
    .post("/restapi/oauth/token", {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: "header.payload.signature"
    })
    .reply(200, {
      access_token: "token-1",
      token_type: "bearer",
      expires_in: 3600,
      scope: "ReadCallLog",
      session_id: "1"
    })

/** Media answers to requests that carry the token. */
export const media = () => nock(mediaOrigin, { reqheaders: { authorization: "Bearer token-1" } })

/** Platform answers to requests that carry the token. */
export const platform = () => nock(platformOrigin, { reqheaders: { authorization: "Bearer token-1" } })

export const audioHeaders = { "content-type": "audio/mpeg", "content-length": String(sampleAudio.length) }

export const notFound = {
  errorCode: "CMN-102",
  message: "Resource for parameter [callRecordingId] is not found",
  errors: [
    {
      errorCode: "CMN-102",
      message: "Resource for parameter [callRecordingId] is not found",
      parameterName: "callRecordingId"
    }
  ]
}

/** All bytes of a recording. */
export const read = (
  source: RecordingSource,
  reference: RecordingReference
): Effect.Effect<{ readonly mediaType: string; readonly bytes: Buffer }, RecordingError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const audio = yield* source.audio(reference)
      return { mediaType: audio.mediaType, bytes: Buffer.concat(yield* Stream.runCollect(audio.stream)) }
    })
  )
