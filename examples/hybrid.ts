/**
 * From a notification to the audio at RingCentral. The notification names the recording before the call log has the call
 * and before the audio is ready: `Pending` tells when to ask again. Then the same audio by both strategies, with what each
 * costs of the ten Heavy requests a minute that the vendor allows a user and app.
 */
import { RecordingError, type RecordingReference } from "@callreel/recording"
import { connect, type RingCentralSettings } from "@callreel/ringcentral"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { createHash } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"

const endedAt = new Date()
const after = (seconds: number): Date => new Date(endedAt.getTime() + seconds * 1000)
const days = 86_400

const session = { telephonySessionId: "s-hybrid", sessionId: "1234567890" }
const ringCentral = await startRingCentral({
  seed: "hybrid",
  timeScale: 60,
  extraRecordings: [
    // The call has just ended. Its record comes soon, the audio later.
    {
      ...session,
      recordingId: "44444444",
      startedAt: after(-20),
      callEndsAt: endedAt,
      durationSeconds: 20,
      visibleFrom: after(1.5),
      readyAt: after(3.5)
    },
    { recordingId: "55555555", telephonySessionId: "s-purged", startedAt: after(-100 * days), state: "expired" }
  ]
})
const { clientId, clientSecret, jwt } = ringCentral.app

const settings = {
  name: "us",
  serverUrl: ringCentral.serverUrl,
  mediaUrl: ringCentral.mediaUrl,
  clientId,
  clientSecret,
  jwt,
  // Seconds, to be seen here; the default ladder begins with half a minute and ends with a day.
  retryLadder: ["1 second", "2 seconds", "4 seconds", "8 seconds"]
} satisfies RingCentralSettings

const elapsed = (): string => `${((Date.now() - endedAt.getTime()) / 1000).toFixed(1)} s`.padStart(6)

/** Runs it, and tells how many Heavy requests it took, whether it succeeded or not. */
const counted = async <A>(
  operation: () => Promise<A>
): Promise<{ readonly heavy: number; readonly result: A | Error }> => {
  const before = ringCentral.counts.heavy
  const result = await operation().catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error))
  )
  return { heavy: ringCentral.counts.heavy - before, result }
}

/** Asks again whenever `Pending` says so. A service would store the instant instead of sleeping. */
const patiently = async <A>(what: string, operation: () => Promise<A>): Promise<A> => {
  while (true) {
    const { heavy, result } = await counted(operation)
    if (!(result instanceof Error)) {
      console.log(`${elapsed()}  ${what}: there (${heavy} Heavy)`)
      return result
    }
    if (!(result instanceof RecordingError) || result.reason._tag !== "Pending") throw result
    const wait = result.reason.retryAt.getTime() - Date.now()
    console.log(`${elapsed()}  ${what}: not ready, ask again in ${(wait / 1000).toFixed(1)} s (${heavy} Heavy)`)
    await sleep(Math.max(wait, 0))
  }
}

const us = await connect(settings)

/** Reads the audio and compares it with what the simulator recorded. */
const verified = async (client: typeof us, reference: RecordingReference): Promise<string> => {
  const { mediaType, stream } = await client.audio(reference)
  const hash = createHash("sha512")
  let bytes = 0
  for await (const chunk of stream) {
    hash.update(chunk)
    bytes += chunk.length
  }
  const recorded = ringCentral.audioOf(reference.id)
  if (hash.digest("hex") !== recorded?.sha512()) throw new Error("this is not what was recorded")
  return `${bytes} bytes of ${mediaType}`
}

const event = ringCentral.telephonyEvent(session)
const [recording] = await patiently("find the event's recording", () => us.find({ event }))
if (recording === undefined) throw new Error("find gives at least one recording, or fails")
console.log(`         ${await patiently("audio", () => verified(us, recording))}, verified`)
await us.close()

console.log("\nstrategy         there   purged   (Heavy requests for an id and its session)")
for (const strategy of ["direct-first", "call-log-first"] as const) {
  await using client = await connect({ ...settings, strategy })
  const there = await counted(() => verified(client, { id: recording.id, call: { id: session.telephonySessionId } }))
  if (there.result instanceof Error) throw there.result
  const purged = await counted(() => client.audio({ id: "55555555", call: { id: "s-purged" } }))
  if (!(purged.result instanceof RecordingError) || purged.result.reason._tag !== "Gone") {
    throw new Error("a purged recording is gone")
  }
  console.log(`${strategy.padEnd(16)} ${there.heavy}       ${purged.heavy}`)
}
if (ringCentral.counts.refusals > 0) throw new Error("the limits were not kept")

await ringCentral.close()
