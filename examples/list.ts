/** Lists recordings: who called whom, when, for how long. */
import { connect } from "@callreel/virtual-pbx"
import { simulatedPbx } from "./support/simulatedPbx.ts"

const { pbx, settings, window } = await simulatedPbx()
const office = await connect(settings)

for await (const { call, durationSeconds } of office.list({ ...window, direction: "inbound", limit: 10 })) {
  console.log(
    call?.startedAt.toISOString(),
    call?.from?.e164 ?? call?.from?.number,
    "→",
    call?.to?.number,
    durationSeconds,
    "s"
  )
}

await office.close()
await pbx.close()
