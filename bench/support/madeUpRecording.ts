import type { Recording } from "@callreel/recording"

const firstId = 1_000_000_000

/** What differs between made-up recordings; all else follows from the index. */
interface Plan {
  readonly source: string
  readonly index: number
  readonly startedAt: Date
  readonly direction: "inbound" | "outbound"
  readonly availability: Recording["availability"]
  /** Numbers in the vendor's object: 20 make some 800 bytes of JSON of it all. */
  readonly rawValues: number
}

/** A recording as of a call that is listed with all its parts. */
export const madeUpRecording = (plan: Plan): Recording => {
  const { availability, direction, index, rawValues, source, startedAt } = plan
  const id = String(firstId + index)
  return {
    source,
    provider: "generated",
    account: "1",
    id,
    call: {
      id: `call-${id}`,
      legIds: [`leg-${id}`],
      direction,
      outcome: "answered",
      startedAt,
      durationSeconds: 90,
      from: { number: `+1415555${String(index % 10_000).padStart(4, "0")}`, name: "Generated Caller" },
      to: { number: "+16505550100", name: "Generated Agent", extension: { id: "7", number: "107" } },
      queue: { id: "3", name: "Sales" }
    },
    kind: "automatic",
    startedAt,
    durationSeconds: 85,
    audio: { mediaType: "audio/mpeg", bytes: 200_000 + (index % 1000), filename: `${id}.mp3` },
    availability,
    raw: { id, made: "for a benchmark", values: Array.from({ length: rawValues }, (_, place) => index + place) }
  }
}

/** Of a made-up recording's id. */
export const indexOf = (id: string): number => Number(id) - firstId
