import { describe, expect, it } from "vitest"
import { forbiddenSyntax } from "./forbiddenSyntax.ts"
import { violationsOf } from "./violationsOf.ts"

describe("forbiddenSyntax", () => {
  it.each([
    ["// @ts-ignore", "silences the compiler"],
    ["// @ts-expect-error it is fine", "silences the compiler"],
    ["/* @ts-nocheck */", "silences the compiler"],
    ["/**\n * @ts-ignore\n */", "silences the compiler"],
    ["const a = b as any", "cast to any"],
    ["const a = <any>b", "cast to any"],
    ["const a = b as unknown as any", "cast to any"],
    ['it.skip("a", () => {})', ".skip leaves tests out"],
    ['it.effect.only("a", () => {})', ".only leaves tests out"],
    ['describe.skip.each([1])("a", () => {})', ".skip leaves tests out"],
    ['test.todo("a")', ".todo leaves tests out"],
    ['it("a", { skip: true }, () => {})', "option skip leaves tests out"],
    ["// oxlint-disable-next-line no-console", "without a reason"],
    ["/* oxlint-disable */", "without a reason"],
    ["// eslint-disable-line no-console -- ", "without a reason"],
    ["const = 1", "not TypeScript"]
  ])("forbids %s", (text, message) => {
    const violations = violationsOf(forbiddenSyntax, { "packages/a/src/a.test.ts": `${text}\n` })
    expect(violations).toEqual([expect.stringContaining(message)])
  })

  it.each([
    ['const text = "@ts-ignore, as any, it.skip"'],
    ["// the cast `as any` and @ts-ignore are forbidden"],
    ["const a = b as unknown"],
    ['it.effect("a", () => skip)'],
    ["stream.pipe(Stream.skip(1)); cursor.only; page.skip(2)"],
    ["// oxlint-disable-next-line no-console -- the command's own output"]
  ])("allows %s", (text) => {
    expect(violationsOf(forbiddenSyntax, { "packages/a/src/a.test.ts": text })).toEqual([])
  })
})
