import type { Completions } from "effect/cli"
import { describe, expect, it } from "vitest"
import { asksForJson, normaliseCommandLine } from "./commandLine.ts"

const flag = (name: string, kind: "String" | "Boolean", ...aliases: ReadonlyArray<string>) => ({
  name,
  aliases,
  description: undefined,
  type: { _tag: kind }
})
const command = (name: string, ...flags: ReadonlyArray<Completions.FlagDescriptor>): Completions.CommandDescriptor => ({
  name,
  description: undefined,
  flags,
  arguments: [],
  subcommands: []
})
const descriptor = {
  ...command("callreel", flag("json", "Boolean")),
  subcommands: [
    command("list", flag("number", "String")),
    command("fetch", flag("output", "String", "o"), flag("force", "Boolean"))
  ]
}
const normalise = (line: string) => normaliseCommandLine(line.split(" "), descriptor).join(" ")

describe("normaliseCommandLine", () => {
  it.each([
    ["list --number +74951234567", "list --number=+74951234567"],
    ["list --number -5x", "list --number=-5x"],
    ["list --number --odd-number", "list --number=--odd-number"],
    ["list --number --json", "list --number --json=true"],
    ["list --number", "list --number"],
    ["list --number=--json", "list --number=--json"],
    ["fetch us 1 -o -", "fetch us 1 --output=-"],
    ["fetch us 1 -o=a=b", "fetch us 1 --output=a=b"],
    ["fetch us 1 -oout.mp3", "fetch us 1 --output=out.mp3"],
    ["fetch --force yes 1", "fetch --force=true yes 1"],
    ["fetch --json on --json 1", "fetch --json=true on 1"],
    ["--json list", "list --json=true"],
    ["--number 5 list", "list --number=5"],
    ["--odd value list", "--odd value list"],
    ["help fetch", "fetch --help"],
    ["fetch us -- -o --json", "fetch us -- -o --json"],
    ["fetch us -5", "fetch us -5"]
  ])("%s → %s", (given, expected) => {
    expect(normalise(given)).toBe(expected)
  })
})

describe("asksForJson", () => {
  it.each([
    ["list --json", true],
    ["--json lst --odd", true],
    ["list", false],
    ["list --number --json", true],
    ["list --number=--json", false],
    ["fetch us -- --json", false]
  ])("%s: %s", (given, expected) => {
    expect(asksForJson(normaliseCommandLine(given.split(" "), descriptor))).toBe(expected)
  })
})
