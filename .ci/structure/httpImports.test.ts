import { describe, expect, it } from "vitest"
import { httpImports } from "./httpImports.ts"
import { violationsOf } from "./violationsOf.ts"

const adapter = "packages/virtual-pbx/src/internal/api.ts"

describe("httpImports", () => {
  it.each([
    [adapter, 'import ky from "ky"'],
    [adapter, 'import { Agent } from "undici"'],
    [adapter, 'import * as http from "node:http"'],
    [adapter, 'import * as https from "https"'],
    [adapter, 'import { connect } from "node:http2"'],
    [adapter, 'import { HttpClient } from "effect/http"'],
    [adapter, 'import type { KyInstance } from "ky"'],
    [adapter, 'const ky = await import("ky")'],
    ["packages/cli/src/main.ts", 'import { createServer } from "node:http"'],
    ["packages/recording/src/a.ts", 'import { createServer } from "node:http"'],
    ["packages/virtual-pbx/src/a.test.ts", 'import ky from "ky"'],
    ["examples/list.ts", 'import { Agent } from "undici"'],
    [adapter, 'fetch("/record")'],
    [adapter, "const options = { fetch }"],
    [adapter, "const request = fetch"],
    [adapter, "call(fetch)"],
    [adapter, 'globalThis.fetch("/record")'],
    [adapter, 'globalThis["fetch"]("/record")'],
    [adapter, "const f = (fetch: Fetch) => fetch(a)\nfetch(b)"],
    ["examples/list.ts", 'fetch("/record")']
  ])("forbids in %s: %s", (path, text) => {
    const violations = violationsOf(httpImports, { [path]: text })
    expect(violations).toHaveLength(1)
    expect(violations[0]).toContain("only packages/transport sends requests")
  })

  it.each([
    ["packages/transport/src/http.ts", 'import ky from "ky"\nimport { fetch } from "undici"\nfetch("/")'],
    ["packages/testkit/src/server.ts", 'import { createServer } from "node:http"\nfetch("/")'],
    ["packages/virtual-pbx/src/a.test.ts", 'import { createServer } from "node:http"\nawait fetch("/")'],
    ["packages/virtual-pbx/test/server.ts", 'import { createServer } from "node:http"'],
    ["examples/play-in-a-browser.ts", 'import { createServer } from "node:http"'],
    ["bench/memory.ts", 'import { createServer } from "node:http"'],
    ["bench/transport.ts", 'import ky from "ky"'],
    ["packages/archive/bench/memory.ts", 'import { createServer } from "node:http"'],
    ["packages/cli/src/fetch.ts", 'export const fetch = Command.make("fetch")\nrun(fetch)'],
    ["packages/cli/src/main.ts", 'import { fetch } from "./commands/fetch.ts"\nrun([fetch])'],
    ["packages/cli/src/a.ts", "const run = ({ fetch }: Commands) => fetch(1)"],
    ["packages/cli/src/a.ts", "function run() { const fetch = make(); return fetch(1) }"],
    ["packages/cli/src/a.ts", 'commands.fetch("a"); const b = { fetch: 1 }; type F = typeof fetch'],
    ["packages/cli/src/a.ts", "interface A { fetch: string; run(fetch: string): void }"],
    ["packages/cli/src/a.ts", '// fetch("/record")\nconst text = "fetch(1) of node:http"']
  ])("allows in %s: %s", (path, text) => {
    expect(violationsOf(httpImports, { [path]: text })).toEqual([])
  })
})
