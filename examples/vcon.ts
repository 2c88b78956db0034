/**
 * Writes a recording as an IETF vCon, signs it, and reads it back as somebody who has only the public key. What stands where
 * is in docs/vcon.md.
 */
import { encodeVcon, readSigned, recordingOf, signVcon, toVcon, validateVcon, verifyContent } from "@callreel/vcon"
import { connect } from "@callreel/virtual-pbx"
import { Effect } from "effect"
import { createHash, generateKeyPairSync } from "node:crypto"
import { simulatedPbx } from "./support/simulatedPbx.ts"

const { pbx, settings, window } = await simulatedPbx()
const office = await connect(settings)

for await (const recording of office.list({ ...window, direction: "inbound", limit: 1 })) {
  const { mediaType, stream } = await office.audio(recording)
  const audio = new Uint8Array(await new Response(stream).arrayBuffer())

  // Secrets in the vendor's own object do not belong into a document that leaves the house.
  const masked = { ...recording, raw: office.maskRaw(recording.raw) }
  const sha512 = createHash("sha512").update(audio).digest("hex")
  const vcon = toVcon(masked, { filename: "call.mp3", mediaType, sha512 })
  console.log(`${encodeVcon(vcon).length} bytes of JSON, problems:`, validateVcon(vcon))

  // Without Effect: runPromise gives a Promise, which rejects with SigningFailed, BadSignature, UntrustedVcon or InvalidVcon.
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const signed = await Effect.runPromise(signVcon(vcon, privateKey))

  const read = await Effect.runPromise(readSigned(signed, { key: publicKey }))
  const [dialog = {}] = read.dialog ?? []
  console.log("signed by the key, of", recordingOf(read)?.call?.startedAt.toISOString())
  console.log("the audio is what was signed:", verifyContent(dialog, audio))
  audio[0] = (audio[0] ?? 0) ^ 1
  console.log("the audio with one bit changed is:", verifyContent(dialog, audio))
}

await office.close()
await pbx.close()
