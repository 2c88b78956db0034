import { expect, it } from "@effect/vitest"
import {
  encodeVcon,
  parseVcon,
  type RecordedFile,
  recordingOf,
  recordingsOf,
  toVcon,
  toVconOfCall,
  validateVcon,
  verifyContent
} from "@callreel/vcon"
import { Ajv } from "ajv"
import formats from "ajv-formats"
import { Effect } from "effect"
import * as fc from "fast-check"
import { describe } from "vitest"
import { arbitraryMedia, arbitraryRecording, sha512 } from "./samples.ts"
import { vconSchema } from "./vconSchema.ts"

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true })
formats.default(ajv)
const accepts = ajv.compile(vconSchema)

const problemsBySchema = (text: string): unknown => (accepts(JSON.parse(text)) ? [] : accepts.errors)

const arbitraryFile: fc.Arbitrary<RecordedFile> = fc
  .record({ recording: arbitraryRecording, media: arbitraryMedia })
  .map(({ recording, media }) => (media === undefined ? { recording } : { recording, media }))

/** The same call, recorded in several files. */
const arbitraryCall = fc
  .tuple(arbitraryFile, fc.array(arbitraryFile, { maxLength: 3 }))
  .map(([first, others]): readonly [RecordedFile, ...ReadonlyArray<RecordedFile>] => [first, ...others])

// JSON has no -0; it is the one value that text changes.
const positiveZero = (value: unknown): unknown => {
  if (value === 0) return 0
  if (Array.isArray(value)) return value.map(positiveZero)
  if (typeof value !== "object" || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, positiveZero(member)]))
}

/** Equal, with the members of every object in the opposite order. */
const reversed = <A>(value: A): A => {
  const turn = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(turn)
    if (typeof part !== "object" || part === null || part instanceof Date || part instanceof Uint8Array) return part
    return Object.fromEntries(
      Object.entries(part)
        .toReversed()
        .map(([key, member]) => [key, turn(member)])
    )
  }
  return turn(value) as A
}

describe("a vCon of any recording", () => {
  it("gives the recording back after it was written and read", () => {
    fc.assert(
      fc.property(arbitraryFile, ({ recording, media }) => {
        const read = Effect.runSync(parseVcon(encodeVcon(toVcon(recording, media))))
        expect(recordingOf(read)).toStrictEqual(positiveZero(recording))
      })
    )
  })

  it("is the same after it was written and read", () => {
    fc.assert(
      fc.property(arbitraryFile, ({ recording, media }) => {
        const vcon = toVcon(recording, media)
        expect(Effect.runSync(parseVcon(encodeVcon(vcon)))).toEqual(positiveZero(vcon))
      })
    )
  })

  it("has the same bytes, whatever the order of the members", () => {
    fc.assert(
      fc.property(arbitraryFile, ({ recording, media }) => {
        expect(encodeVcon(toVcon(reversed(recording), reversed(media)))).toBe(encodeVcon(toVcon(recording, media)))
      })
    )
  })

  it("is right by the schema and by the draft's rules", () => {
    fc.assert(
      fc.property(arbitraryFile, ({ recording, media }) => {
        const text = encodeVcon(toVcon(recording, media))
        expect(problemsBySchema(text)).toEqual([])
        expect(validateVcon(JSON.parse(text))).toEqual([])
      })
    )
  })
})

describe("a vCon of any call", () => {
  it("gives all recordings back", () => {
    fc.assert(
      fc.property(arbitraryCall, (files) => {
        const read = Effect.runSync(parseVcon(encodeVcon(toVconOfCall(files))))
        const given = files.map(({ recording }) => positiveZero(recording))
        expect(recordingsOf(read)).toHaveLength(given.length)
        expect(recordingsOf(read)).toEqual(expect.arrayContaining(given))
      })
    )
  })

  it("is right by the schema and by the draft's rules", () => {
    fc.assert(
      fc.property(arbitraryCall, (files) => {
        const text = encodeVcon(toVconOfCall(files))
        expect(problemsBySchema(text)).toEqual([])
        expect(validateVcon(JSON.parse(text))).toEqual([])
      })
    )
  })
})

describe("the content of a dialog", () => {
  const arbitraryBytes = fc.uint8Array({ minLength: 1, maxLength: 64 })
  const arbitraryChange = fc.tuple(arbitraryBytes, fc.nat(), fc.integer({ min: 1, max: 255 }))
  const change = ([bytes, position, difference]: readonly [Uint8Array, number, number]): Uint8Array =>
    bytes.map((byte, index) => (index === position % bytes.length ? byte ^ difference : byte))

  it.each([
    ["beside the vCon", (bytes: Uint8Array) => ({ filename: "a.mp3", sha512: sha512(bytes) })],
    ["inside the vCon", (bytes: Uint8Array) => ({ body: bytes })]
  ])("is verified byte for byte %s", (_, where) => {
    fc.assert(
      fc.property(arbitraryRecording, arbitraryChange, (recording, changed) => {
        const [bytes] = changed
        const [dialog = {}] = toVcon(recording, { mediaType: "audio/mpeg", ...where(bytes) }).dialog ?? []
        expect(verifyContent(dialog, bytes)).toBe(true)
        expect(verifyContent(dialog, change(changed))).toBe(false)
        expect(verifyContent(dialog, Uint8Array.of(...bytes, 0))).toBe(false)
      })
    )
  })
})
