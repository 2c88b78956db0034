import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { encodeVcon } from "./encodeVcon.ts"
import { parseVcon } from "./parseVcon.ts"
import { recordingOf } from "./recordingOf.ts"
import { verifyContent } from "./content.ts"

const secret = "+14155550100"
const hash = "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c5H0NE8XYXysP-DGNKHfuwvY7kxvUdBeoGlODJ6-SfaPg"

/** Of 2023, by the member names of then, without what later drafts demand. */
const older = {
  vcon: "0.0.1",
  uuid: "018a2b3c-4d5e-8f60-8182-838485868788",
  subject: null,
  must_support: ["consent"],
  appended: {
    uuid: "018a2b3c-4d5e-8f60-8182-000000000000",
    alg: "SHA-512",
    signature: `${hash}==`,
    url: "https://a.example/"
  },
  redacted: {},
  parties: [{ tel: "tel:+14155550100", name: null, role: "agent" }, {}],
  dialog: [
    {
      type: "recording",
      start: "2023-08-01T10:00:00+02:00",
      duration: 5,
      parties: [0, null],
      mimetype: "audio/x-wav",
      url: "https://a.example/empty.wav",
      alg: "SHA-512",
      signature: hash,
      session_id: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      campaign: { id: 7 }
    },
    { type: "transfer", "transfer-target": 1, "target-dialog": [0] },
    {}
  ],
  analysis: null,
  attachments: [{ type: "contract", mimetype: "application/json", encoding: "json", body: null }]
}

describe("parseVcon", () => {
  it.effect("understands the older member names, and keeps what it does not know", () =>
    Effect.gen(function* () {
      const vcon = yield* parseVcon(older, { extensions: ["consent"] })
      expect(vcon).toEqual({
        vcon: "0.0.1",
        uuid: older.uuid,
        critical: ["consent"],
        amended: {
          uuid: "018a2b3c-4d5e-8f60-8182-000000000000",
          url: "https://a.example/",
          content_hash: `sha512-${hash}`
        },
        redacted: {},
        parties: [{ tel: "tel:+14155550100", role: "agent" }, {}],
        dialog: [
          {
            type: "recording",
            start: "2023-08-01T10:00:00+02:00",
            duration: 5,
            parties: [0, null],
            mediatype: "audio/x-wav",
            url: "https://a.example/empty.wav",
            content_hash: `sha512-${hash}`,
            session_id: { local: "0a1b2c3d4e5f60718293a4b5c6d7e8f9" },
            campaign: { id: 7 }
          },
          { type: "transfer", transfer_target: 1, target_dialog: [0] },
          {}
        ],
        attachments: [{ purpose: "contract", mediatype: "application/json", encoding: "json", body: null }]
      })
      expect(verifyContent(vcon.dialog?.[0] ?? {}, new Uint8Array())).toBe(true)
      expect(recordingOf(vcon)).toBeUndefined()
    })
  )

  it.effect("reads text and decoded JSON, and what it wrote itself again", () =>
    Effect.gen(function* () {
      const options = { extensions: ["consent"] }
      const vcon = yield* parseVcon(JSON.stringify(older), options)
      expect(yield* parseVcon(older, options)).toEqual(vcon)
      expect(yield* parseVcon(encodeVcon(vcon), options)).toEqual(vcon)
    })
  )

  it.effect("leaves a member that stands under both names as it is", () =>
    Effect.gen(function* () {
      const dialog = [
        { mimetype: "audio/x-wav", mediatype: "audio/wav", content_hash: "sha512-AA", alg: "a", signature: "b" }
      ]
      expect((yield* parseVcon({ dialog })).dialog).toEqual(dialog)
    })
  )

  it.effect.each<[string, unknown, string, string]>([
    ["text that is not JSON", `{"tel":"${secret}"`, "", "the text is not JSON"],
    ["a list", [], "", "must be a vCon"],
    ["a number", 5, "", "must be a vCon"],
    ["a uuid that is no text", { uuid: 5 }, "uuid", "must be string"],
    ["parties that are no list", { parties: { tel: secret } }, "parties", "must be a list of parties"],
    ["a party that is no object", { parties: [{}, secret] }, "parties[1]", "must be a party"],
    ["a party's number that is no text", { parties: [{ tel: [secret] }] }, "parties[0].tel", "must be string"],
    [
      "an address whose parts are no texts",
      { parties: [{ civicaddress: { [secret]: 1 } }] },
      "parties[0].civicaddress.*",
      "must be string"
    ],
    [
      "a duration that is no number",
      { dialog: [{ duration: secret }] },
      "dialog[0].duration",
      "must be a length in seconds"
    ],
    ["a negative place", { dialog: [{ originator: -1 }] }, "dialog[0].originator", "must be an index"],
    [
      "parties of a dialog that are none",
      { dialog: [{ parties: [[0, secret]] }] },
      "dialog[0].parties",
      "must be parties of a dialog"
    ],
    ["an older name's value", { dialog: [{ mimetype: 5 }] }, "dialog[0].mediatype", "must be string"],
    [
      "a critical extension",
      { extensions: ["a", "b"], critical: ["a"] },
      "critical[0]",
      "names an extension that is not supported here, without which it must not be processed"
    ],
    ["the signed form", { payload: "e30", signatures: [] }, "", "it is signed: read it with readSigned"],
    ["the encrypted form", { ciphertext: "", recipients: [] }, "", "it is encrypted: decrypt it first"]
  ])("refuses %s and does not repeat it", ([, value, path, detail]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(parseVcon(value))
      expect(error).toMatchObject({ _tag: "InvalidVcon", path, detail })
      expect(error.message).toContain(detail)
      expect(error.message).not.toContain(secret)
    })
  )
})
