import { describe, expect, it } from "vitest"
import { decide, isLoopback, isPrivate, parseOrigin, type OriginRules } from "./OriginPolicy.ts"

const hostOf = (host: string): string => new URL(`http://${host}/`).hostname

describe("isPrivate", () => {
  it.each([
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.9.9.9",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "224.0.0.1",
    "255.255.255.255",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "１２７.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "api.localhost",
    "[::]",
    "[::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[ff02::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2001:0:1::1]"
  ])("%s is", (host) => {
    expect(isPrivate(hostOf(host))).toBe(true)
  })

  it.each([
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "198.20.0.1",
    "203.0.113.5",
    "example.com",
    "localhost.example.com",
    "notlocalhost",
    "10.example.com",
    "[2606:4700::1111]",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::8.8.8.8]",
    "[2002:808:808::1]"
  ])("%s is not", (host) => {
    expect(isPrivate(hostOf(host))).toBe(false)
  })

  it.each(["fe80::1%eth0", "::1", "10.0.0.1"])("%s as DNS gives it is", (address) => {
    expect(isPrivate(address)).toBe(true)
  })
})

describe("isLoopback", () => {
  it.each([
    ["127.0.0.1", true],
    ["127.255.0.1", true],
    ["[::1]", true],
    ["[::ffff:127.0.0.1]", true],
    ["localhost", true],
    ["localhost.", true],
    ["a.localhost", true],
    ["10.0.0.1", false],
    ["[::]", false],
    ["example.com", false]
  ])("%s: %s", (host, expected) => {
    expect(isLoopback(hostOf(host))).toBe(expected)
  })
})

describe("parseOrigin", () => {
  it.each([
    ["https://Example.COM:443/", "https://example.com"],
    ["https://example.com", "https://example.com"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["https://example.com/path", undefined],
    ["https://example.com/?a", undefined],
    ["https://user:password@example.com", undefined],
    ["ftp://example.com", undefined],
    ["example.com", undefined]
  ])("%s → %s", (given, expected) => {
    expect(parseOrigin(given)).toBe(expected)
  })
})

describe("decide", () => {
  const base: OriginRules = {
    trustedOrigins: new Set(["https://api.example", "http://127.0.0.1:8080"]),
    privateAllowed: false,
    insecureAllowed: false,
    untrusted: "without-credentials",
    optionName: "storageOrigins"
  }
  const ask = (url: string, rules: Partial<OriginRules> = {}, from?: string) =>
    decide({ url: new URL(url), ...(from === undefined ? {} : { from: new URL(from) }) }, { ...base, ...rules })

  it.each([
    ["https://api.example/x", {}, undefined, { credentials: true, guarded: false }],
    ["https://api.example:443/x", {}, undefined, { credentials: true, guarded: false }],
    ["http://127.0.0.1:8080/x", {}, undefined, { credentials: true, guarded: false }],
    ["https://cdn.example/x", {}, undefined, { credentials: false, guarded: true }],
    ["https://api.example:8443/x", {}, undefined, { credentials: false, guarded: true }],
    ["https://api.example.evil.example/x", {}, undefined, { credentials: false, guarded: true }],
    ["https://cdn.example/x", {}, "https://api.example/", { credentials: false, guarded: true }],
    ["https://10.0.0.1/x", { privateAllowed: true }, undefined, { credentials: false, guarded: false }],
    ["http://127.0.0.1:9999/x", { privateAllowed: true }, undefined, { credentials: false, guarded: false }],
    ["http://cdn.example/x", { insecureAllowed: true }, undefined, { credentials: false, guarded: true }],
    ["https://api.example/x", { untrusted: "refuse" }, undefined, { credentials: true, guarded: false }]
  ] as const)("%s %j from %s: goes", (url, rules, from, expected) => {
    expect(ask(url, rules, from)).toEqual({ go: true, ...expected })
  })

  it.each([
    ["ftp://cdn.example/x", {}, undefined, "neither http nor https"],
    ["file:///etc/passwd", {}, undefined, "neither http nor https"],
    ["data:audio/mpeg,x", {}, undefined, "neither http nor https"],
    ["https://user:secret@api.example/x", {}, undefined, "user or password"],
    ["https://user@api.example/x", {}, undefined, "user or password"],
    ["http://127.0.0.1:8080/x", {}, "https://api.example/", "https to plain http"],
    ["http://cdn.example/x", { insecureAllowed: true }, "https://api.example/", "https to plain http"],
    ["https://cdn.example/x", { untrusted: "refuse" }, undefined, "storageOrigins"],
    ["https://cdn.example/x", { untrusted: "refuse", privateAllowed: true }, undefined, "https://cdn.example"],
    ["https://10.0.0.1/x", {}, undefined, "private address"],
    ["http://127.0.0.1:9999/x", {}, undefined, "private address"],
    ["https://[::ffff:169.254.169.254]/x", {}, "https://cdn.example", "private address"],
    ["http://cdn.example/x", {}, undefined, "allowInsecure"],
    ["http://api.example/x", { trustedOrigins: new Set(["http://api.example"]) }, undefined, "allowInsecure"]
  ] as const)("%s %j from %s: refused", (url, rules, from, why) => {
    const decision = ask(url, rules, from)
    expect(decision).toMatchObject({ go: false, why: expect.stringContaining(why) })
    expect(JSON.stringify(decision)).not.toContain("secret")
  })
})
