import { type Recording, RetryLimits } from "@callreel/recording"
import { FaultPlan } from "@callreel/testkit"
import { startWebitel } from "@callreel/testkit/webitel"
import { make, transcriptsIn, type WebitelSettings, type WebitelSource } from "@callreel/webitel"
import { Duration, Effect, Redacted, Stream } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { startDatabase } from "./databaseServer.ts"
import { settingsOf } from "./webitelExpectations.ts"

const window = { from: new Date("2025-12-01T00:00:00Z"), to: new Date("2026-07-01T00:00:00Z") }
const [webitel, database] = await Promise.all([startWebitel({ seed: "transcripts" }), startDatabase()])
const broken = await startWebitel({
  seed: "transcripts",
  faults: FaultPlan.script([
    { route: "phrases", times: 1000, fault: { kind: "server-error", status: 503, body: "json" } }
  ])
})
afterAll(() => Promise.all([webitel.close(), broken.close(), database.stop()]))

const long = webitel.truth.find(({ state }) => state === "available")
const phrases = Array.from({ length: 10_001 }, (_, index) => ({
  start_sec: index,
  end_sec: index + 0.5,
  channel: index % 2,
  phrase: `№ ${index}`
}))
await fetch(`${webitel.baseUrl}/api/storage/transcript_file`, {
  method: "PUT",
  headers: { "x-webitel-access": webitel.token },
  body: JSON.stringify({ file_id: long?.fileId, uuid: long?.callId, locale: "en-GB", text: "", phrases })
})
await database.load(webitel.dataSet())

const included: WebitelSettings = { ...settingsOf(webitel), include: ["transcripts"] }
const onSite: WebitelSettings = { ...included, database: { url: Redacted.value(database.url()) } }

const run = <A>(settings: WebitelSettings, use: (source: WebitelSource) => Effect.Effect<A, unknown>) =>
  Effect.runPromise(
    Effect.scoped(Effect.flatMap(make(settings), use)).pipe(
      Effect.provideService(RetryLimits, { attempts: 2, within: Duration.seconds(2) })
    )
  )
const list = (source: WebitelSource) => Stream.runCollect(source.list(window))
const asked = (): number => webitel.requests.of("phrases").length

/** Of the recordings that have any, their transcripts by the recording's id. */
const transcribed = (recordings: ReadonlyArray<Recording>) =>
  new Map(
    recordings.flatMap((recording) => {
      const transcripts = transcriptsIn(recording)
      return transcripts.length === 0 ? [] : [[recording.id, transcripts] as const]
    })
  )

describe("transcripts", () => {
  it("are those of each recording, to the last phrase, at one request for each page", async () => {
    const before = asked()
    const found = transcribed(await run(included, list))
    const rows = Array.from(webitel.dataSet().transcripts)
    const expected = new Map<string, ReadonlyArray<unknown>>()
    for (const { file_id, id, locale, phrases: said } of rows) {
      const others = expected.get(String(file_id)) ?? []
      const transcript = { id: String(id), locale, phrases: JSON.parse(String(said)) as unknown }
      expected.set(String(file_id), [...others, transcript])
    }
    expect(found.size).toBeGreaterThan(20)
    expect(found).toEqual(expected)
    expect(found.get(long?.fileId ?? "")?.find(({ locale }) => locale === "en-GB")?.phrases).toEqual(phrases)
    expect(asked() - before).toBe(rows.length + 1)
  })

  it("are the same on site, where the database names them", async () => {
    expect(transcribed(await run(onSite, list))).toEqual(transcribed(await run(included, list)))
  })

  it("come with changes, and with what is found and got", async () => {
    const { changed, found, got } = await run(included, (source) =>
      Effect.gen(function* () {
        const pages = yield* Stream.runCollect(source.changes())
        const found = yield* source.find({ id: long?.rootId ?? "" })
        const got = yield* source.get({ id: long?.fileId ?? "", call: { id: long?.rootId ?? "" } })
        return { changed: pages.flatMap(({ recordings }) => recordings), found, got }
      })
    )
    for (const recordings of [changed, found, [got]]) {
      const { length } =
        transcribed(recordings)
          .get(long?.fileId ?? "")
          ?.at(-1)?.phrases ?? []
      expect(length).toBe(phrases.length)
    }
  })

  it("leave the row as it is otherwise, so that a recording can be got again by what is stored of it", async () => {
    const recording = (await run(included, list)).find(({ id }) => id === long?.fileId)
    if (recording === undefined) throw new RangeError("it is not listed")
    const { call: _, startedAt: __, ...bare } = recording
    expect(await run(included, (opened) => opened.get(bare))).toEqual(recording)
  })

  it("are neither asked for nor told without the option", async () => {
    const before = asked()
    const listed = await run(settingsOf(webitel), list)
    expect(transcribed(listed).size).toBe(0)
    expect(JSON.stringify(listed.map(({ raw }) => raw))).not.toContain("transcripts")
    expect(asked()).toBe(before)
  })

  it("are not left out because they cannot be read", async () => {
    const reason = run({ ...settingsOf(broken), include: ["transcripts"] }, (source) => Effect.flip(list(source)))
    expect(await reason).toMatchObject({ _tag: "RecordingError", reason: { _tag: "Unavailable" } })
  })
})

it("on site, the user needs to read one more table, which is named", async () => {
  const tables = ["call_center.cc_calls_history", "call_center.cc_queue", "directory.wbt_user"]
  const statements = [
    "CREATE ROLE reader LOGIN PASSWORD 'reader'",
    "GRANT USAGE ON SCHEMA call_center, storage, directory TO reader",
    `GRANT SELECT ON ${tables.join(", ")}, storage.files, storage.upload_file_jobs TO reader`
  ]
  for (const statement of statements) await database.run((sql) => sql.unsafe(statement))
  const url = Redacted.value(database.url("reader", "reader"))
  const { include: _, ...without } = { ...onSite, database: { url } }
  expect((await run(without, list)).length).toBeGreaterThan(200)
  const refused = await run({ ...onSite, database: { url } }, (source) => Effect.flip(list(source)))
  expect(refused).toMatchObject({ reason: { _tag: "Forbidden", permission: "SELECT on storage.file_transcript" } })
})
