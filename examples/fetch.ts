/** Fetches the audio of one recording into a file. The pipeline fails where the audio comes short. */
import { fileExtensionOf, safeFileName } from "@callreel/recording"
import { connect } from "@callreel/virtual-pbx"
import { createWriteStream } from "node:fs"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { simulatedPbx } from "./support/simulatedPbx.ts"

const { pbx, settings, window } = await simulatedPbx()
const office = await connect(settings)
const folder = await mkdtemp(join(tmpdir(), "callreel-"))

for await (const recording of office.list({ ...window, limit: 1 })) {
  const audio = await office.audio(recording)
  // Ids and file names come from the vendor: never a path before they are made safe.
  const file = join(folder, `${safeFileName(recording.id)}.${fileExtensionOf(audio.mediaType)}`)
  await pipeline(audio.stream, createWriteStream(file))
  console.log(audio.mediaType, (await stat(file)).size, "bytes of", recording.audio?.bytes)
}

await rm(folder, { recursive: true })
await office.close()
await pbx.close()
