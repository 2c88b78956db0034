/** The names of queues, for rows that tell the id alone (docs/vendors/webitel.md#queues). */
import { type CallQueue, InvalidResponse, type Reason, type Recording } from "@callreel/recording"
import { remembered } from "@callreel/transport"
import { Duration, Effect } from "effect"
import type { Api } from "./api.ts"
import { lookupId } from "./map.ts"

/** All queues of the domain, those without an id left out. Needs read access to the class `cc_queue`. */
export const listQueues = (api: Pick<Api, "queues">): Effect.Effect<ReadonlyArray<CallQueue>, Reason> =>
  Effect.gen(function* () {
    const queues = new Map<string, CallQueue>()
    for (let page = 1; ; page += 1) {
      const { items, next } = yield* api.queues(page)
      for (const queue of items ?? []) {
        const id = lookupId(queue)
        if (id !== undefined) queues.set(id, { id, ...(queue.name && { name: queue.name }) })
      }
      if (next !== true) return [...queues.values()]
      if ((items ?? []).length === 0) {
        return yield* new InvalidResponse({ path: "items", detail: "are none, although there are more" })
      }
    }
  })

/** How long the names are taken for granted, also that there are none for this token. */
const memory = Duration.minutes(5)

type Naming = (recordings: ReadonlyArray<Recording>) => Effect.Effect<ReadonlyArray<Recording>>

/**
 * Names the queues of recordings that have only their id; asks the server where there are such, at most once in five
 * minutes. A list is never lost for want of a name: what refuses or fails leaves it out.
 */
export const queueNaming = (api: Pick<Api, "queues">): Naming => {
  const names = remembered(
    listQueues(api).pipe(
      Effect.map((queues) => new Map(queues.map(({ id = "", name }) => [id, name]))),
      Effect.catch((reason) =>
        Effect.as(Effect.logDebug(`queues stay without their names: ${reason.message}`), new Map<string, undefined>())
      )
    ),
    memory
  )
  return (recordings) =>
    recordings.some(isUnnamed)
      ? Effect.map(names.get, (known) => recordings.map((recording) => withQueueName(recording, known)))
      : Effect.succeed(recordings)
}

const isUnnamed = ({ call }: Recording): boolean => call?.queue?.id !== undefined && call.queue.name === undefined

/** The recording with the name of its queue, where it has none and one is known. */
export const withQueueName = (recording: Recording, names: ReadonlyMap<string, string | undefined>): Recording => {
  const { call } = recording
  const name = isUnnamed(recording) ? names.get(call?.queue?.id ?? "") : undefined
  return call === undefined || name === undefined
    ? recording
    : { ...recording, call: { ...call, queue: { ...call.queue, name } } }
}
