import { expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import nock from "nock"
import { afterEach, beforeEach, describe } from "vitest"
import { sampleEvent, sampleLog, sampleRecording } from "./sampleCall.ts"
import { audioHeaders, intercepted, login, media, notFound, platform, read, sampleAudio } from "./vendorScope.ts"

beforeEach(() => {
  nock.disableNetConnect()
})

afterEach(() => {
  const left = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(left).toEqual([])
})

const builtAddress = "/restapi/v1.0/account/~/recording/44444444/content"
const loggedAddress = "/restapi/v1.0/account/111111111/recording/44444444/content"
const logAddress = "/restapi/v1.0/account/~/call-log"
const { sessionId, telephonySessionId } = sampleEvent.body
const reference = { id: "44444444", call: { sessionId } }
const given = { mediaType: "audio/mpeg", bytes: sampleAudio }

describe("the documented call", () => {
  it.live("by the call log: the session leads to the record, and its contentUri to the audio", () =>
    Effect.gen(function* () {
      login()
      platform()
        .get(logAddress)
        .query(
          (query) =>
            query["sessionId"] === sessionId &&
            query["view"] === "Detailed" &&
            query["dateFrom"] !== undefined &&
            query["dateTo"] !== undefined
        )
        .reply(200, sampleLog)
      media().get(loggedAddress).reply(200, sampleAudio, audioHeaders)
      const source = yield* intercepted({ strategy: "call-log-first" })
      expect(yield* read(source, reference)).toEqual(given)
    })
  )

  it.live("directly: the address built from the recording's id of the event, in one request", () =>
    Effect.gen(function* () {
      login()
      media().get(builtAddress).reply(200, sampleAudio, audioHeaders)
      const source = yield* intercepted()
      expect(yield* read(source, reference)).toEqual(given)
    })
  )

  it.live("hybrid: where the built address is not found, by the call log", () =>
    Effect.gen(function* () {
      login()
      media().get(builtAddress).reply(404, notFound)
      platform()
        .get(logAddress)
        .query({ sessionId, ...anyDates })
        .reply(200, sampleLog)
      media().get(loggedAddress).reply(200, sampleAudio, audioHeaders)
      const source = yield* intercepted()
      expect(yield* read(source, reference)).toEqual(given)
    })
  )

  it.live("is found by its event, although its record does not name the telephony session", () =>
    Effect.gen(function* () {
      login()
      platform()
        .get(logAddress)
        .query({ telephonySessionId, ...anyDates })
        .reply(200, sampleLog)
      const source = yield* intercepted()
      expect(yield* source.find({ event: sampleEvent })).toEqual([sampleRecording])
    })
  )

  it.live("is found by its session, and its audio then needs no lookup", () =>
    Effect.gen(function* () {
      login()
      platform()
        .get(logAddress)
        .query({ sessionId, ...anyDates })
        .reply(200, sampleLog)
      media().get(loggedAddress).reply(200, sampleAudio, audioHeaders)
      const source = yield* intercepted()
      const [recording] = yield* source.find({ id: sessionId })
      expect(recording).toEqual(sampleRecording)
      expect(yield* read(source, recording ?? { id: "" })).toEqual(given)
    })
  )

  it.live("is listed", () =>
    Effect.gen(function* () {
      login()
      platform()
        .get(logAddress)
        .query({
          view: "Detailed",
          recordingType: "All",
          perPage: "1000",
          dateFrom: "2019-03-08T00:00:00.000Z",
          // The vendor's ends are both included.
          dateTo: "2019-03-08T23:59:59.999Z"
        })
        .reply(200, sampleLog)
      const source = yield* intercepted()
      const window = { from: new Date("2019-03-08T00:00:00Z"), to: new Date("2019-03-09T00:00:00Z") }
      expect(yield* Stream.runCollect(source.list(window))).toEqual([sampleRecording])
    })
  )
})

const anyDates = { view: "Detailed", perPage: "1000", dateFrom: /^\d{4}-/, dateTo: /^\d{4}-/ }
