import { describe, expect, it } from "vitest"
import { validateVcon } from "./validateVcon.ts"
import type { RuleName } from "./validateVcon.ts"
import type { Vcon, VconDialog } from "./Vcon.ts"

const hash = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c5H0NE8XYXysP-DGNKHfuwvY7kxvUdBeoGlODJ6-SfaPg"
const start = "2026-03-08T22:30:31Z"
const uuid = "a4f19310-daae-8866-b379-11d3b171e4b9"
const session = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"

const recording: VconDialog = {
  type: "recording",
  start,
  duration: 1.5,
  parties: [0, [1, 0], null],
  originator: 1,
  mediatype: "audio/x-wav;\n rate=8000",
  url: "https://a.example/a.wav",
  content_hash: [hash, "shake256-AA"],
  recording_set: 1,
  session_id: [{}, [{ local: session }, { remote: uuid }], {}],
  party_history: [{ party: 0, time: start, event: "keydown", button: "5" }]
}

/** Right in everything that the draft asks for. */
const good = {
  uuid,
  created_at: "2026-03-08T22:30:31.000+01:00",
  extensions: ["consent"],
  critical: ["consent"],
  amended: { uuid, url: "https://a.example/vcon", content_hash: hash },
  parties: [{ tel: "+14155550100" }, {}],
  dialog: [
    recording,
    { type: "recording-set", start, parties: [0, 1], recordings: [0] },
    { type: "text", start, parties: 0, mediatype: "text/plain", encoding: "none", body: "hello" },
    { type: "incomplete", start, disposition: "busy" },
    { type: "transfer", start, transferor: 0, transferee: 1, transfer_target: [1], original: 0, target_dialog: [5] },
    {}
  ],
  analysis: [{ type: "summary", vendor: "a", dialog: [0, 2], attachment: 0, encoding: "json", body: 5 }],
  attachments: [{ start, party: 1, dialog: 0, mediatype: "text/plain", encoding: "base64url", body: "aGk" }]
} satisfies Vcon

/** `good` with other first dialogs. */
const dialogs = (...replaced: ReadonlyArray<object>): object => ({
  ...good,
  dialog: [...replaced, ...good.dialog.slice(replaced.length)]
})
const first = (changes: object): object => dialogs({ ...recording, ...changes })
const without = (key: string, of: object = {}): object =>
  Object.fromEntries(Object.entries(of).filter(([name]) => name !== key))
const inline = { ...without("url", without("content_hash", recording)), encoding: "base64url", body: "aGk" }

const check = (value: unknown): ReadonlyArray<string> =>
  validateVcon(value, { extensions: ["consent"] }).map(({ path, rule }) => `${rule} ${path}`)

describe("validateVcon", () => {
  it("has nothing to say of a vCon that is right", () => {
    expect(validateVcon(good, { extensions: ["consent"] })).toEqual([])
  })

  it("says what is wrong, where, and by which rule", () => {
    expect(validateVcon(without("created_at", good), { extensions: ["consent"] })).toEqual([
      { path: "created_at", rule: "required", detail: "is missing" }
    ])
  })

  it.each<[string, unknown, RuleName, string]>([
    ["no uuid", without("uuid", good), "required", "uuid"],
    ["a uuid that is none", { ...good, uuid: "a4f19310" }, "uuid", "uuid"],
    ["a date without its zone", { ...good, created_at: "2026-03-08T22:30:31" }, "date", "created_at"],
    ["a day that no calendar has", { ...good, updated_at: "2026-02-30T00:00:00Z" }, "date", "updated_at"],
    ["redacted beside amended", { ...good, redacted: { type: "PII" } }, "exclusive", "redacted"],
    ["a redaction of nothing named", { ...without("amended", good), redacted: {} }, "required", "redacted.type"],
    [
      "a prior version without its hash",
      { ...good, amended: { url: "https://a.example/" } },
      "content-hash",
      "amended.content_hash"
    ],
    ["a prior version that is no uuid", { ...good, amended: { uuid: "1" } }, "uuid", "amended.uuid"],
    ["an unknown critical extension", { ...good, critical: ["consent", "other"] }, "critical", "critical[1]"],
    ["a party that is not there", first({ parties: [0, [1, 2], null] }), "index", "dialog[0].parties"],
    ["an originator that is not there", first({ originator: 2 }), "index", "dialog[0].originator"],
    ["an originator who is the first anyway", first({ originator: 0 }), "originator", "dialog[0].originator"],
    [
      "an event of nobody",
      first({ party_history: [{ party: 2, time: start, event: "join" }] }),
      "index",
      "dialog[0].party_history[0].party"
    ],
    [
      "an unknown event",
      first({ party_history: [{ party: 0, time: start, event: "sing" }] }),
      "event",
      "dialog[0].party_history[0].event"
    ],
    [
      "a key without its name",
      first({ party_history: [{ party: 0, time: start, event: "keyup" }] }),
      "required",
      "dialog[0].party_history[0].button"
    ],
    [
      "an event at no time",
      first({ party_history: [{ party: 0, time: "now", event: "join" }] }),
      "date",
      "dialog[0].party_history[0].time"
    ],
    [
      "a dialog of no type",
      dialogs(without("type", without("recording_set", recording))),
      "required",
      "dialog[0].type"
    ],
    ["a dialog without a start", dialogs(without("start", recording)), "required", "dialog[0].start"],
    ["a recording of nothing", dialogs(without("url", without("content_hash", recording))), "content", "dialog[0]"],
    ["a url without its hash", dialogs(without("content_hash", recording)), "content-hash", "dialog[0].content_hash"],
    ["a url that is not HTTPS", first({ url: "http://a.example/a.wav" }), "url", "dialog[0].url"],
    ["a hash of another length", first({ content_hash: hash.slice(0, -1) }), "content-hash", "dialog[0].content_hash"],
    [
      "a hash without its algorithm",
      first({ content_hash: [hash, "AAAA"] }),
      "content-hash",
      "dialog[0].content_hash[1]"
    ],
    ["a padded hash", first({ content_hash: `${hash}==` }), "content-hash", "dialog[0].content_hash"],
    ["no hash in a list", first({ content_hash: [] }), "content-hash", "dialog[0].content_hash"],
    ["a body without its encoding", dialogs(without("encoding", inline)), "encoding", "dialog[0].encoding"],
    ["an unknown encoding", dialogs({ ...inline, encoding: "base64" }), "encoding", "dialog[0].encoding"],
    ["a body that is no base64url", dialogs({ ...inline, body: "aGk=" }), "encoding", "dialog[0].body"],
    ["a body that is no text", dialogs({ ...inline, body: 5 }), "encoding", "dialog[0].body"],
    ["a body of no media type", dialogs(without("mediatype", inline)), "mediatype", "dialog[0].mediatype"],
    ["a media type that is none", first({ mediatype: "wav" }), "mediatype", "dialog[0].mediatype"],
    ["a disposition of a recording", first({ disposition: "busy" }), "disposition", "dialog[0].disposition"],
    ["a set named by no recording", first({ recordings: [0] }), "recording-set", "dialog[0].recordings"],
    ["a set that is none", first({ recording_set: 2 }), "recording-set", "dialog[0].recording_set"],
    ["a transferor of a recording", first({ transferor: 0 }), "transfer", "dialog[0].transferor"],
    ["a session that is no UUID", first({ session_id: { local: "s-1" } }), "session-id", "dialog[0].session_id"],
    ["sessions unlike the parties", first({ session_id: [{}, {}, {}] }), "session-id", "dialog[0].session_id"],
    [
      "sessions of one party",
      first({ parties: 0, originator: 1, session_id: [{}] }),
      "session-id",
      "dialog[0].session_id"
    ],
    [
      "a set without recordings",
      dialogs(recording, { type: "recording-set", start }),
      "recording-set",
      "dialog[1].recordings"
    ],
    [
      "a set of what is no recording",
      dialogs(recording, { ...good.dialog[1], recordings: [0, 3] }),
      "recording-set",
      "dialog[1].recordings"
    ],
    [
      "a set of what is not there",
      dialogs(recording, { ...good.dialog[1], recordings: [6] }),
      "index",
      "dialog[1].recordings"
    ],
    [
      "a set with content",
      dialogs(recording, { ...good.dialog[1], content_hash: hash }),
      "content",
      "dialog[1].content_hash"
    ],
    [
      "an incomplete one without a reason",
      { ...good, dialog: [...good.dialog, { type: "incomplete", start }] },
      "disposition",
      "dialog[6].disposition"
    ],
    [
      "an unknown reason",
      { ...good, dialog: [...good.dialog, { type: "incomplete", start, disposition: "late" }] },
      "disposition",
      "dialog[6].disposition"
    ],
    [
      "a transfer with parties",
      { ...good, dialog: [...good.dialog, { type: "transfer", start, parties: 0 }] },
      "transfer",
      "dialog[6].parties"
    ],
    [
      "a transfer to nowhere",
      { ...good, dialog: [...good.dialog, { type: "transfer", start, target_dialog: 7 }] },
      "index",
      "dialog[6].target_dialog"
    ],
    [
      "a dialog of another type",
      { ...good, dialog: [...good.dialog, { type: "video", start }] },
      "type",
      "dialog[6].type"
    ],
    [
      "an attachment of nobody",
      { ...good, attachments: [without("party", good.attachments[0])] },
      "required",
      "attachments[0].party"
    ],
    [
      "an attachment to what is not there",
      { ...good, attachments: [{ ...good.attachments[0], dialog: 6 }] },
      "index",
      "attachments[0].dialog"
    ],
    [
      "an analysis by nobody",
      { ...good, analysis: [without("vendor", good.analysis[0])] },
      "required",
      "analysis[0].vendor"
    ],
    [
      "an analysis of what is not there",
      { ...good, analysis: [{ ...good.analysis[0], attachment: [1] }] },
      "index",
      "analysis[0].attachment"
    ],
    [
      "an older name",
      dialogs({ ...without("mediatype", recording), mimetype: "audio/x-wav" }),
      "renamed",
      "dialog[0].mimetype"
    ],
    [
      "an older hash",
      { ...good, amended: { uuid, alg: "SHA-512", signature: hash.slice(7) } },
      "renamed",
      "amended.signature"
    ],
    ["a member of another shape", { ...good, parties: [{ tel: 5 }] }, "shape", "parties[0].tel"],
    ["what is no vCon", "vCon", "shape", ""]
  ])("finds %s", (_, value, rule, path) => {
    expect(check(value)).toEqual([`${rule} ${path}`])
  })

  it("finds everything that is wrong", () => {
    expect(check({ dialog: [{ type: "incomplete", start: "today", url: "ftp://a.example" }] })).toEqual([
      "required uuid",
      "required created_at",
      "url dialog[0].url",
      "content-hash dialog[0].content_hash",
      "date dialog[0].start",
      "content dialog[0].url",
      "disposition dialog[0].disposition"
    ])
  })

  it("lets a redacted vCon have recordings of nothing", () => {
    const bare = without("url", without("content_hash", recording))
    const redacted = { ...without("amended", dialogs(bare)), redacted: { uuid, type: "PII" } }
    expect(check(redacted)).toEqual([])
  })

  it("repeats no value", () => {
    const secret = "+14155550100"
    const wrong = {
      ...good,
      uuid: secret,
      created_at: secret,
      critical: [secret],
      parties: [{ tel: secret }],
      dialog: [
        { type: secret, start: secret, mediatype: secret, url: secret, content_hash: secret, disposition: secret }
      ],
      attachments: [{ start: secret, party: 9, dialog: 9, encoding: secret, body: secret }]
    }
    expect(validateVcon(wrong).length).toBeGreaterThan(8)
    expect(JSON.stringify(validateVcon(wrong))).not.toContain(secret)
  })
})
