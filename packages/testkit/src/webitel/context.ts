/** Everything a request is answered with. */
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import type { FileEntry, FileIndex } from "./FileIndex.ts"
import type { Files } from "./files.ts"
import type { ItemContext } from "./historyItem.ts"
import { legById } from "./Leg.ts"
import type { LegEntry, LegIndex } from "./LegIndex.ts"
import type { Search } from "./search.ts"
import type { Session, Sessions } from "./sessions.ts"
import type { Settings } from "./settings.ts"
import type { Transcripts } from "./transcripts.ts"
import type { Write } from "./wire.ts"
import { maySee } from "./callFile.ts"

export interface Context {
  readonly settings: Settings
  readonly clock: SimulatorClock
  readonly sessions: Sessions
  readonly index: LegIndex
  readonly fileIndex: FileIndex
  readonly files: Files
  readonly transcripts: Transcripts
  readonly search: Search
  readonly write: Write
  /** How often a sort passed as raw SQL. */
  readonly rawSorts: { count: number }
}

/** The files on a row: those of the leg, and again those of its parent. */
export const filesOfRow = (
  { fileIndex, files }: Context,
  { leg, tree, treeIndex }: LegEntry
): ReadonlyArray<FileEntry> => {
  const owners = [leg, legById(tree, leg.parentId)]
  return owners.flatMap((owner) =>
    (owner?.files ?? [])
      .map((file): FileEntry => ({ id: fileIndex.idOf(treeIndex, file), tree, treeIndex, leg: owner ?? leg, file }))
      .filter(files.isShown)
  )
}

/** How rows are told to a session. */
export const itemContext = (context: Context, session: Session): ItemContext => {
  const { abilities, numberMask, queueNames } = context.settings
  return {
    write: context.write,
    abilities,
    namesQueues: queueNames === "told",
    mask: session.actions.has("view_cdr_phone_numbers") ? undefined : numberMask,
    filesOf: (entry) => filesOfRow(context, entry).filter(({ file }) => maySee(session, file, abilities)),
    transcriptsOf: context.transcripts.of
  }
}
