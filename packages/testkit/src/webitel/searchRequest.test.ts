import { describe, expect, it } from "vitest"
import { bothBounds, hasMandatoryFilter, parseSearch, type SearchRequest } from "./searchRequest.ts"

const parse = (method: string, text: string): SearchRequest | string =>
  parseSearch({ method, query: new URLSearchParams(method === "GET" ? text : ""), body: text })

const read = (method: string, text: string): SearchRequest => {
  const request = parse(method, text)
  if (typeof request === "string") throw new TypeError(request)
  return request
}

describe("a search", () => {
  it("is read alike from a query and from a body, with integers as text or numbers", () => {
    const query =
      "created_at.from=5&created_at.to=9&id=a&id=b&queue_id=7&variables%5BCompany%5D=x&has_file=true&page=2&size=200" +
      "&sort=id&fields=id&fields=files&number=%2B380&skip_parent=false"
    const body = {
      createdAt: { from: 5, to: "9" },
      id: ["a", "b"],
      queue_id: [7],
      variables: { Company: "x" },
      has_file: true,
      page: 2,
      size: "200",
      sort: "id",
      fields: ["id", "files"],
      number: "+380",
      skip_parent: false
    }
    expect(read("GET", query)).toEqual(read("POST", JSON.stringify(body)))
    expect(read("GET", query)).toMatchObject({
      createdAt: { from: 5, to: 9 },
      id: ["a", "b"],
      size: 200,
      hasFile: true
    })
  })

  it.each([
    ["size=0", 40],
    ["size=-5", 40],
    ["size=20001", 40],
    ["", 40],
    ["size=20000", 20_000],
    ["size=1", 1]
  ])("with %s has pages of %i", (query, size) => {
    expect(read("GET", query).size).toBe(size)
  })

  it.each(["page=0", "page=1", ""])("with %s is for the first page", (query) => {
    expect(read("GET", query).page).toBe(1)
  })

  it.each([
    ["GET", "created_at.from=yesterday", "created_at"],
    ["GET", "size=many", "size"],
    ["GET", "has_file=perhaps", "has_file"],
    ["POST", '{"variables":{"vip":true}}', "variables"],
    ["POST", '{"q":1}', "q"],
    ["POST", "[]", "body"],
    ["POST", "{", "body"]
  ])("%s %s cannot be read: %s", (method, text, part) => {
    expect(parse(method, text)).toBe(part)
  })

  it.each([
    ["", false],
    ["size=10&has_file=true&parent_id=x", false],
    ["created_at.from=0", true],
    ["stored_at.from=5", true],
    ["number=1", true],
    ["q=1", true],
    ["dependency_id=x", true],
    ["id=x", true]
  ])("%s is enough to search by: %s", (query, enough) => {
    expect(hasMandatoryFilter(read("GET", query))).toBe(enough)
  })

  it("takes 0 for no bound, and both bounds of stored_at or none", () => {
    const { createdAt, storedAt } = read("GET", "created_at.from=0&created_at.to=7&stored_at.from=3&stored_at.to=0")
    expect(createdAt).toEqual({ from: undefined, to: 7 })
    expect(bothBounds(storedAt)).toBeUndefined()
    expect(bothBounds(read("GET", "stored_at.from=3&stored_at.to=4").storedAt)).toEqual({ from: 3, to: 4 })
  })
})
