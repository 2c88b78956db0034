/** What the tests share that intercept single requests with nock. */
import * as t from "io-ts"
import { makeHttp, type HttpOptions, type HttpRequest, type HttpRequestParts } from "../Http.ts"
import type { HttpQuery } from "../MediaFetch.ts"
import { classify, openGate } from "./httpTestServer.ts"

/** The intercepted server. */
export const base = "https://api.example"
/** What it answers. */
export const Hello = t.type({ hello: t.string })

/** A client of it. */
export const client = (options: Partial<HttpOptions> = {}) =>
  makeHttp({
    baseUrl: `${base}/api`,
    gate: openGate().gate,
    classify,
    fetch: (input, init) => globalThis.fetch(input, init),
    ...options
  })

/** A GET. */
export const get = (
  path: ReadonlyArray<string>,
  more: Partial<HttpRequestParts & { readonly query: HttpQuery }> = {}
): HttpRequest => ({
  path,
  group: "light",
  ...more
})
