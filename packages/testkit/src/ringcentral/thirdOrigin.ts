/** An origin that no credentials may reach: the target of hostile addresses, and a store of signed links. */
import { type Answer, htmlAnswer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { composeAudio } from "../audio/compose.ts"
import { audioOfRecording } from "./CallLog.ts"
import { audioAnswer } from "./content.ts"
import { type Recordings, signatureOf } from "./recordings.ts"
import type { Settings } from "./settings.ts"

// Nobody's voice.
const otherAudio = composeAudio({ kind: "mp3-mono-8k", seed: "third origin", durationSeconds: 5 })

const signedContent = (settings: Settings, recordings: Recordings, request: SimulatorRequest): Answer => {
  const id = request.path.slice("/content/".length)
  const recording = recordings.available(id)
  if (recording === undefined) return htmlAnswer(404)
  // A store refuses what is authorised in two ways.
  if (request.entry.credentials !== "none") return htmlAnswer(400)
  if (request.query.get("signature") !== signatureOf(id)) return htmlAnswer(403)
  return audioAnswer({ ...settings, unrequestedBytes: 0 }, request, audioOfRecording(recording), recording.contentType)
}

/** Answers as if all were well: with rows of nobody, and with somebody else's audio. */
export const handleThirdOrigin = (settings: Settings, recordings: Recordings, request: SimulatorRequest): Answer => {
  if (request.path.startsWith("/content/")) return signedContent(settings, recordings, request)
  if (/\/content(\/\d+)?$/.test(request.path)) {
    return {
      status: 200,
      headers: { "content-type": "audio/mpeg" },
      body: { length: otherAudio.bytes, pieces: () => otherAudio.stream() }
    }
  }
  return jsonAnswer(200, { records: [], paging: { perPage: 100 }, navigation: {} })
}
