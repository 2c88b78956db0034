import { describe, expect, it } from "vitest"
import { wrongPartOfUrl } from "./databaseUrl.ts"

describe("the address of a database", () => {
  it.each([
    "postgres://reader:secret@db.example:5432/webitel",
    "postgresql://reader@[::1]/webitel?sslmode=verify-full&connect_timeout=3",
    "postgres://reader:p%40ss@db.example/webitel?sslmode=disable&application_name=x",
    "postgres:///webitel?host=/var/run/postgresql&user=reader&port=6432"
  ])("may be %s", (url) => {
    expect(wrongPartOfUrl(url)).toBeUndefined()
  })

  it.each([
    ["", "is not an address"],
    ["db.example", "is not an address"],
    ["https://reader:secret@db.example/webitel", "is not an address"],
    ["postgres://reader:secret@db.example:99999/webitel", "is not an address"],
    ["postgres:///webitel?user=reader", "is not an address"],
    ["postgres://db.example/webitel", "names no user"],
    ["postgres://reader:100%@db.example/webitel", "write it as %25"],
    ["postgres://reader:%ff@db.example/webitel", "write it as %25"],
    ["postgres://reader:secret@db.example/webitel?sslmode=secret", "has an sslmode"],
    ["postgres://reader:secret@db.example/webitel?port=secret", "has a port"],
    ["postgres://reader:secret@db.example/webitel?port=0", "has a port"],
    ["postgres://reader:secret@db.example/webitel?connect_timeout=secret", "has a connect_timeout"]
  ])("may not be %s", (url, expected) => {
    const wrong = wrongPartOfUrl(url)
    expect(wrong).toContain(expected)
    expect(wrong).not.toMatch(/secret|reader:s|db\.example/)
  })
})
