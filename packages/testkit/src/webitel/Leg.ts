/** Calls as the server has them: trees of legs, each a row of the history, with files on some of them. */
import type { AudioKind } from "../audio/kinds.ts"
import type { SimulatedDirection } from "../calls/SimulatedCall.ts"
import type { NamedId, QueueMember, User } from "./directory.ts"
import type { JsonValue } from "./Json.ts"
import type { FileKind, FileTrouble } from "./WebitelOptions.ts"

export interface Endpoint {
  readonly type: "dest" | "user"
  readonly number: string
  /** Empty for the world outside. */
  readonly id: string
  readonly name: string
}

/** A file before it has an id. Times in milliseconds since the epoch. */
export interface LegFile {
  /** Its place among the files of its tree, from 0. */
  readonly ordinal: number
  readonly kind: FileKind
  /** As stored. */
  readonly mimeType: string
  readonly channel: "call" | "screenrecording"
  /** What the audio is composed from. */
  readonly seed: string
  readonly audioKind: AudioKind
  readonly durationSeconds: number
  /** What its own row knows of its time; the leg's answer and end stand in where it knows nothing. */
  readonly recordedAt: { readonly start: number; readonly stop: number } | undefined
  /** `created_at` of its row: when its upload was queued. */
  readonly queuedAt: number
  readonly readyAt: number
  readonly removedAt: number | undefined
  readonly retentionUntil: number | undefined
  readonly trouble: FileTrouble | undefined
}

/** One leg. Times in milliseconds since the epoch. */
export interface Leg {
  readonly id: string
  /** Undefined for a root. */
  readonly parentId: string | undefined
  readonly transferFrom: string | undefined
  readonly transferTo: string | undefined
  readonly bridgedId: string | undefined
  readonly direction: SimulatedDirection
  readonly destination: string
  readonly from: Endpoint
  readonly to: Endpoint | undefined
  readonly user: User | undefined
  readonly gateway: NamedId | undefined
  readonly queue: NamedId | undefined
  readonly member: QueueMember | undefined
  readonly createdAt: number
  readonly answeredAt: number | undefined
  readonly bridgedAt: number | undefined
  readonly hangupAt: number
  /** From when on the mover may take it: ended, with its tree, and nobody at work on it afterwards. */
  readonly eligibleAt: number
  /** Microseconds since the epoch, where a test says when it was stored. */
  readonly storedAt: number | undefined
  readonly hangupBy: "A" | "B" | undefined
  readonly cause: string
  readonly sipCode: number
  readonly talkSeconds: number
  readonly hold: { readonly start: number; readonly stop: number } | undefined
  readonly blindTransfer: { readonly number: string; readonly time: number } | undefined
  readonly variables: Readonly<Record<string, JsonValue>>
  readonly tags: ReadonlyArray<string>
  /** Whether somebody speaks of it as missed: it rang where another answered. */
  readonly hideMissed: boolean
  readonly files: ReadonlyArray<LegFile>
}

/** Legs that belong together, by parent or by transfer; parents before their children. */
export interface CallTree {
  readonly scenario: string
  readonly outcome: string
  readonly legs: ReadonlyArray<Leg>
}

export const legById = (tree: CallTree, id: string | undefined): Leg | undefined =>
  id === undefined ? undefined : tree.legs.find((leg) => leg.id === id)

export const childrenOf = (tree: CallTree, leg: Leg): ReadonlyArray<Leg> =>
  tree.legs.filter(({ parentId }) => parentId === leg.id)

/** The uppermost parent, or the leg itself. */
export const rootOf = (tree: CallTree, leg: Leg): Leg => {
  let root = leg
  for (let parent = legById(tree, leg.parentId); parent !== undefined; parent = legById(tree, root.parentId))
    root = parent
  return root
}
