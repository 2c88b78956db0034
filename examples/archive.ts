/**
 * The archive from a program: what `callreel sync`, `status`, `verify` and `export --bagit` do, here with a month of a
 * simulated PBX and in a folder that is removed in the end. What an archive is made of is told in docs/archive.md.
 */
import {
  archiveSource,
  archiveStatus,
  exportBag,
  makeLayout,
  openArchive,
  syncArchive,
  verifyArchive
} from "@callreel/archive"
import { make } from "@callreel/virtual-pbx"
import { Console, Effect, Stream } from "effect"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { simulatedPbx } from "./support/simulatedPbx.ts"

const { pbx, settings } = await simulatedPbx()
const folder = await mkdtemp(join(tmpdir(), "callreel-example-"))
const month = { from: new Date("2026-01-01"), to: new Date("2026-02-01") }
const tool = "callreel's example"

const program = Effect.gen(function* () {
  const archive = yield* openArchive({ url: join(folder, "archive") })
  const office = yield* make(settings)
  const options = { ...month, layout: yield* makeLayout(), tool }

  const first = yield* syncArchive(archive, [{ source: office }], options)
  yield* Console.log(first.summary)
  for (const { proof } of first.sources) yield* Console.log(`its proof is ${proof}`)
  for (const { id, reason } of first.notObtained) yield* Console.log(`not to be had: ${id} (${reason})`)

  const second = yield* syncArchive(archive, [{ source: office }], options)
  yield* Console.log(`a second run fetches ${second.fetched}`)

  // The same recordings, without the vendor.
  const archived = archiveSource(archive, { name: "office", provider: "virtual-pbx" })
  yield* Stream.runForEach(archived.list({ ...month, limit: 1 }), ({ audio, call }) =>
    Console.log("archived:", call?.startedAt.toISOString(), audio?.bytes, "bytes")
  )

  const { bytes } = yield* archiveStatus(archive)
  yield* Console.log(`${(bytes / 1e6).toFixed(1)} MB of audio are in the archive`)

  yield* Stream.runForEach(verifyArchive({ ...archive, now: new Date() }), (found) =>
    Console.log(found.result === "problem" ? found.problem : found.summary)
  )

  const bag = yield* exportBag({ ...archive, folder: join(folder, "bag"), now: new Date(), tool })
  yield* Console.log(`the bag has ${bag.recordings} recordings in ${bag.files} files`)
})

try {
  await Effect.runPromise(Effect.scoped(program))
} finally {
  await pbx.close()
  await rm(folder, { recursive: true })
}
