/** A client for tests that intercept single requests with nock. */
import * as t from "io-ts"
import nock from "nock"
import { afterEach, beforeEach, expect } from "vitest"
import { makeHttp, type HttpOptions, type HttpRequest, type HttpRequestParts } from "../Http.ts"
import type { HttpQuery } from "../MediaFetch.ts"
import { classify, openGate } from "./httpTestServer.ts"

export const base = "https://api.example"
export const Hello = t.type({ hello: t.string })

/** No test of the file reaches the network, and none leaves an expected request unsent. */
export const interceptAll = (): void => {
  beforeEach(() => {
    nock.disableNetConnect()
  })

  afterEach(() => {
    const left = nock.pendingMocks()
    nock.cleanAll()
    nock.enableNetConnect()
    expect(left).toEqual([])
  })
}

export const client = (options: Partial<HttpOptions> = {}) =>
  makeHttp({
    baseUrl: `${base}/api`,
    gate: openGate().gate,
    classify,
    fetch: (input, init) => globalThis.fetch(input, init),
    ...options
  })

export const get = (
  path: ReadonlyArray<string>,
  more: Partial<HttpRequestParts & { readonly query: HttpQuery }> = {}
): HttpRequest => ({
  path,
  group: "light",
  ...more
})
