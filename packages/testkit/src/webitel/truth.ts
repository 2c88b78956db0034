/** What is true of every recording, for tests to compare a client's results with. */
import { toldMimeType, viewName } from "./callFile.ts"
import { type Context, itemContext } from "./context.ts"
import type { FileEntry } from "./FileIndex.ts"
import { contentOf } from "./files.ts"
import { allFields } from "./historyFields.ts"
import { historyItem } from "./historyItem.ts"
import { childrenOf, type Leg, rootOf } from "./Leg.ts"
import type { Session } from "./sessions.ts"
import { variableTexts } from "./variables.ts"
import type { RecordingTruth } from "./WebitelOptions.ts"

type Changing = "sha512" | "state" | "row"

// Read anew each time: holding the whole call for it would make large worlds heavy.
const changing = (context: Context, session: Session, id: string, callId: string): Pick<RecordingTruth, Changing> => {
  const { clock, fileIndex, files, index, settings } = context
  let hash: string | undefined
  const entry = (): FileEntry => {
    const found = fileIndex.find(id)
    if (found === undefined) throw new RangeError(`there is no file ${id}`)
    return found
  }
  return {
    sha512: () => {
      hash ??= contentOf(entry().file).sha512()
      return hash
    },
    get state() {
      return files.stateOf(entry())
    },
    get row() {
      const leg = index.find(callId)
      const horizon = (clock.now().getTime() - settings.replicationLag) * 1000
      return leg === undefined || leg.storedAt > horizon
        ? undefined
        : historyItem(itemContext(context, session), leg, allFields)
    }
  }
}

const date = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time))

const talking = ({ tree, leg }: FileEntry): Leg | undefined =>
  leg.user === undefined
    ? childrenOf(tree, leg).find(({ bridgedAt, user }) => bridgedAt !== undefined && user !== undefined)
    : leg

const fixed = ({ index, settings }: Context, entry: FileEntry): Omit<RecordingTruth, Changing> => {
  const { file, id, leg, tree } = entry
  const root = rootOf(tree, leg)
  const { bytes, channels, durationSeconds, mediaType } = contentOf(file)
  const who = talking(entry)
  return {
    fileId: id,
    callId: leg.id,
    rootId: root.id,
    legIds: [leg.id, ...childrenOf(tree, leg).map((child) => child.id)],
    startedAt: new Date(root.createdAt),
    answeredAt: date(root.answeredAt),
    endedAt: new Date(root.hangupAt),
    direction: root.direction,
    outcome: tree.outcome,
    fromNumber: root.from.number,
    fromName: root.from.name === "" ? undefined : root.from.name,
    toNumber: root.to?.number ?? root.destination,
    toName: root.to === undefined || root.to.name === "" ? undefined : root.to.name,
    extension:
      who?.user === undefined ? undefined : { id: who.user.id, number: who.user.extension, name: who.user.name },
    agent: leg.member?.agent ?? who?.member?.agent,
    queue: root.queue === undefined ? undefined : { id: root.queue.id, name: root.queue.name },
    variables: variableTexts(leg.variables),
    tags: leg.tags,
    name: viewName(entry),
    mimeType: toldMimeType(file.mimeType, settings.abilities),
    mediaType,
    channels,
    bytes,
    durationSeconds,
    storedAt: new Date(Math.floor((index.find(leg.id)?.storedAt ?? 0) / 1000)),
    readyAt: new Date(file.readyAt),
    scenario: tree.scenario
  }
}

/** The truth of one audio file; `state` and `row` go by the clock when they are read. */
export const truthOf = (context: Context, session: Session, entry: FileEntry): RecordingTruth =>
  // Not by spreading, which would read the getters once and for all.
  Object.assign(changing(context, session, entry.id, entry.leg.id), fixed(context, entry))
