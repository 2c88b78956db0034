import fc from "fast-check"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { describe, expect, it } from "vitest"
import { quickCheck } from "./quickCheck.ts"

const NumberFromText = new t.Type<number, string, unknown>(
  "NumberFromText",
  t.number.is,
  (value, context) => (typeof value === "string" ? t.success(Number(value)) : t.failure(value, context)),
  String
)

interface Tree {
  readonly children: ReadonlyArray<Tree>
}
const Tree: t.Type<Tree> = t.recursion("Tree", () => t.type({ children: t.readonlyArray(Tree) }))

const names = ["a", "b", "c"]

/** Of what may be nothing at all there is no such check where a key is required, or more is asked of it. */
const something = (codec: t.Mixed): t.Mixed => (codec.is(undefined) ? t.string : codec)

const required = (props: Readonly<Record<string, t.Mixed>>) =>
  t.type(Object.fromEntries(Object.entries(props).map(([name, codec]) => [name, something(codec)])))

/** Codecs of every kind that is known, in one another. */
const { codec: knownCodec } = fc.letrec<{ codec: t.Mixed; props: Record<string, t.Mixed> }>((tie) => ({
  props: fc.dictionary(fc.constantFrom(...names), tie("codec"), { maxKeys: 3 }),
  codec: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<t.Mixed>(t.string, t.number, t.boolean, t.null, t.unknown),
    tie("codec").map((inner) => t.array(inner)),
    tie("codec").map((inner) => t.readonlyArray(inner)),
    tie("codec").map((inner) => t.readonly(inner)),
    tie("codec").map((inner) => t.record(t.string, inner)),
    tie("codec").map((inner) => t.refinement(something(inner), (value) => JSON.stringify({ value }).length % 3 > 0)),
    tie("props").map(required),
    tie("props").map((props) => t.partial(props)),
    fc.tuple(tie("codec"), tie("codec")).map(([left, right]) => t.union([left, right])),
    fc.tuple(tie("props"), tie("props")).map(([left, right]) => t.intersection([required(left), t.partial(right)])),
    fc
      .tuple(tie("props"), tie("props"))
      .map(([left, right]) => t.intersection([t.partial(left), t.readonly(required(right))]))
  )
}))

/** Values of JSON, with keys that the codecs know. */
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>("", "text", 0, 7, true, false, null),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, "other", "__proto__"), tie("json"), { maxKeys: 4 })
  )
}))

describe("quickCheck", () => {
  it("accepts exactly what the codec accepts and leaves as it is", () => {
    const answers = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(knownCodec, json, (codec, value) => {
        const decoded = codec.decode(value)
        const isKept = Either.isRight(decoded) && decoded.right === value
        answers[isKept ? "accepted" : "refused"] += 1
        expect(quickCheck(codec)?.(value)).toBe(isKept)
      }),
      { numRuns: 5_000 }
    )
    expect(Math.min(answers.accepted, answers.refused)).toBeGreaterThan(500)
  })

  it.each<[string, t.Mixed]>([
    ["drops keys", t.exact(t.type({ a: t.string }))],
    ["drops keys that are not in its domain", t.record(t.keyof({ a: null }), t.string)],
    ["adds a key that is missing", t.type({ a: t.unknown })],
    ["reads text as something else", NumberFromText],
    ["holds one that does", t.array(t.type({ a: t.union([NumberFromText, t.null]) }))],
    [
      "holds one that does in an intersection",
      t.intersection([t.type({ a: t.string }), t.partial({ b: NumberFromText })])
    ],
    ["is an intersection of no objects", t.intersection([t.string, t.string])],
    ["refers to itself", Tree],
    ["is a tuple", t.tuple([t.string])]
  ])("there is none of a codec that %s", (_, codec) => {
    expect(quickCheck(codec)).toBeUndefined()
  })

  it("wants of a key what every part of an intersection says of it", () => {
    const Page = t.intersection([
      t.type({ info: t.type({ token: t.string }) }),
      t.partial({ info: t.partial({ more: t.boolean }) })
    ])
    const check = quickCheck(Page)
    const values = [
      { info: { token: "x", more: true } },
      { info: { token: "x", more: 1 } },
      { info: { more: true } },
      {}
    ]
    expect(values.map((value) => check?.(value))).toEqual([true, false, false, false])
  })
})
