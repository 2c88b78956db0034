/** A source with Promises: a call's recordings, why there are none yet, calling off. */
import { RecordingError } from "@callreel/recording"
import { connect } from "@callreel/virtual-pbx"
import { simulatedPbx } from "./support/simulatedPbx.ts"

const { pbx, settings, window } = await simulatedPbx()
{
  await using office = await connect(settings)

  for await (const { call } of office.list({ ...window, limit: 3 })) {
    if (call === undefined) continue
    const recordings = await office.find({ id: call.id })
    console.log(`call ${call.id} has ${recordings.length} recording(s)`)
  }

  try {
    await office.get({ id: "1-00000000000000000000000000000000", startedAt: new Date() })
  } catch (error) {
    // A call that has just ended may still get its recording: the reason says when to ask again.
    if (!(error instanceof RecordingError) || error.reason._tag !== "Pending") throw error
    console.log("not ready, ask again at", error.reason.retryAt.toISOString())
  }

  const controller = new AbortController()
  try {
    for await (const recording of office.list(window, { signal: controller.signal })) {
      console.log("first of many:", recording.id)
      controller.abort(new Error("that is enough"))
    }
  } catch (error) {
    console.log("called off:", error instanceof Error ? error.message : error)
  }
}
await pbx.close()
