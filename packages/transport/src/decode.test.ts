import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as t from "io-ts"
import { decode } from "./decode.ts"

const Row = t.readonly(t.intersection([t.type({ record_uuid: t.string }), t.partial({ duration: t.number })]), "Row")
const Rows = t.readonlyArray(Row)
const Kind = t.union([t.literal("a"), t.literal("b")], "Kind")
const Circle = t.type({ kind: t.literal("circle"), size: t.number })
const Shape = t.union([Circle, t.type({ kind: t.literal("box"), size: t.number })])
const shapeExpected = 'expected ({ kind: "circle", size: number } | { k…'
const Either = t.union([t.type({ v: t.string }), t.type({ v: t.number })])
const Apart = t.union([t.type({ a: t.string }), t.type({ b: t.number })], "Apart")
interface Tree {
  readonly children: ReadonlyArray<Tree>
}
const Tree: t.Type<Tree> = t.recursion("Tree", () => t.type({ children: t.readonlyArray(Tree) }))
const long = t.type({ alpha: t.string, beta: t.string, gamma: t.string, delta: t.string })

const secret = "+14155550100"

it.effect.each<[string, t.Decoder<unknown, unknown>, unknown, string, string]>([
  ["root", t.string, 5, "", "expected string"],
  ["array member", Rows, [{ record_uuid: "x" }, { record_uuid: 5 }], "[1].record_uuid", "expected string"],
  ["missing key", Rows, [{}], "[0].record_uuid", "expected string"],
  ["optional key", Rows, [{ record_uuid: "x", duration: secret }], "[0].duration", "expected number"],
  ["exact type", t.exact(t.type({ a: t.type({ b: t.number }) })), { a: { b: secret } }, "a.b", "expected number"],
  ["literal union", t.type({ kind: Kind }), { kind: secret }, "kind", "expected Kind"],
  ["nullable", t.type({ number: t.union([t.string, t.null]) }), { number: 5 }, "number", "expected (string | null)"],
  ["tagged union, no tag fits", t.type({ shape: Shape }), { shape: { kind: secret } }, "shape", shapeExpected],
  ["tagged union, all wrong", t.type({ shape: Shape }), { shape: secret }, "shape", shapeExpected],
  ["tagged union, tag fits", t.type({ shape: Shape }), { shape: { kind: "box" } }, "shape.size", "expected number"],
  ["union, same place", t.type({ value: Either }), { value: { v: [] } }, "value.v", "expected string or number"],
  ["union, other places", t.type({ value: Apart }), { value: { a: 1 } }, "value", "expected Apart"],
  ["dictionary keys stay unsaid", t.record(t.string, t.number), { [secret]: "x" }, "*", "expected number"],
  ["recursion", Tree, { children: [{ children: [5] }] }, "children[0].children[0]", "expected Tree"],
  ["tuple", t.tuple([t.string, t.number]), ["a", secret], "[1]", "expected number"],
  ["long name", t.type({ row: long }), { row: secret }, "row", "expected { alpha: string, beta: string, gamma: s…"]
])("%s", ([, codec, value, path, detail]) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(decode(codec, value))
    expect({ path: error.path, detail: error.detail }).toEqual({ path, detail })
    expect(error.message + JSON.stringify(error)).not.toContain(secret)
  })
)

it.effect("gives what the codec decodes", () =>
  Effect.gen(function* () {
    expect(yield* decode(Rows, [{ record_uuid: "x", other: 1 }])).toEqual([{ record_uuid: "x", other: 1 }])
  })
)

it.effect("says nothing of what a codec's own message says", () =>
  Effect.gen(function* () {
    const Chatty = new t.Type<string, string, unknown>(
      "Chatty",
      t.string.is,
      (value, context) => t.failure(value, context, `bad: ${String(value)}`),
      t.identity
    )
    const error = yield* Effect.flip(decode(t.type({ a: Chatty }), { a: secret }))
    expect(error).toMatchObject({ path: "a", detail: "expected Chatty" })
  })
)
