import * as fc from "fast-check"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { addressOf } from "./httpAddress.ts"

const base = new URL("https://api.example/api/ver1.0/")
const href = (path: ReadonlyArray<string>, query?: Parameters<typeof addressOf>[2]): string =>
  Result.match(addressOf(base, path, query), { onSuccess: (url) => url.href, onFailure: (reason) => reason.message })

describe("addressOf", () => {
  it.each([
    [["client", "@me", "record", ""], "https://api.example/api/ver1.0/client/@me/record/"],
    [["client", "~"], "https://api.example/api/ver1.0/client/~"],
    [["record", "a/b"], "https://api.example/api/ver1.0/record/a%2Fb"],
    [["record", "a\\b"], "https://api.example/api/ver1.0/record/a%5Cb"],
    [["record", "../x"], "https://api.example/api/ver1.0/record/..%2Fx"],
    [["record", "%2e%2e"], "https://api.example/api/ver1.0/record/%252e%252e"],
    [["record", "x?y#z"], "https://api.example/api/ver1.0/record/x%3Fy%23z"],
    [["record", "a b"], "https://api.example/api/ver1.0/record/a%20b"],
    [["record", ".", "x"], "id: “.” and “..” are no ids"],
    [["record", ".."], "id: “.” and “..” are no ids"],
    [["record", "", "path"], "id: must not be empty"],
    [["record", "\ud800"], "id: is not well-formed Unicode text"]
  ])("%j → %s", (path, expected) => {
    expect(href(path)).toBe(expected)
  })

  it("keeps every segment one segment", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1 }), (path) => {
        fc.pre(path.every((segment) => segment !== "." && segment !== ".."))
        const url = new URL(href(path))
        expect(url.origin).toBe("https://api.example")
        expect(url.search + url.hash).toBe("")
        expect(url.pathname.split("/").slice(3).map(decodeURIComponent)).toEqual(path)
      })
    )
  })

  it("writes a query with %20, repeats lists, and leaves undefined out", () => {
    expect(
      href(["a"], { start: "2026-01-01 00:00:00", page: 2, view: ["x", "y"], none: undefined, plus: "+7&8" })
    ).toBe("https://api.example/api/ver1.0/a?start=2026-01-01%2000%3A00%3A00&page=2&view=x&view=y&plus=%2B7%268")
  })

  it("begins at the root for a base without a path", () => {
    const url = Result.getOrThrow(addressOf(new URL("http://127.0.0.1:1"), ["oauth", "token"]))
    expect(url.href).toBe("http://127.0.0.1:1/oauth/token")
  })
})
