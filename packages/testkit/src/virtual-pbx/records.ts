/** What is true of the recordings at the clock's time: which are listed, which can be heard, where their files are. */
import { makeRandom } from "../simulator/Random.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import { parseSeconds, type Window } from "./datetime.ts"
import { fileName, recordRow, recordUuid, storagePath } from "./rows.ts"
import { hasRecord, type RecordEntry, type RecordIndex } from "./RecordIndex.ts"
import type { Settings } from "./settings.ts"
import { sealPath } from "./storageLink.ts"
import type { RecordingState, RecordRow } from "./VirtualPbxOptions.ts"

/** Whose recordings a request may see: a test of `extension_id`. */
export type Scope = (extensionId: number) => boolean

export type StorageState = "present" | "refused" | "missing"

export interface Records {
  readonly index: RecordIndex
  /** By its id, whatever its state; in any case unless the options say otherwise. */
  readonly find: (recordUuid: string) => RecordEntry | undefined
  /** By where its file is: `pathOf` tells an entry's path, `path` ends with the file's name. */
  readonly findByPath: (path: string, pathOf: (entry: RecordEntry) => string) => RecordEntry | undefined
  readonly stateOf: (entry: RecordEntry) => RecordingState
  /** Whether the platform still (and already) knows the record: its metadata can be asked for. */
  readonly isKnown: (entry: RecordEntry) => boolean
  readonly isListed: (position: number) => boolean
  /** Positions of the listed records of a window, by `init_time_gmt`, without the first `skip` of them. */
  readonly inWindow: (window: Window, scope: Scope, order: "asc" | "desc", skip?: number) => Generator<number, void>
  readonly row: (entry: RecordEntry) => RecordRow
  readonly storageOf: (entry: RecordEntry) => StorageState
  readonly storageUrl: (entry: RecordEntry) => string
  /** Deletes a record with its file, for good. */
  readonly remove: (position: number) => void
}

const day = 86_400_000
const second = 1000

interface Context {
  readonly settings: Settings
  readonly clock: SimulatorClock
  readonly index: RecordIndex
  /** Known only after the storage server has started. */
  readonly storageOrigin: () => string
}

// The positions that a window can lie in, and the test of whether one does.
const windowOf = ({ index, settings }: Context, { start, end }: Window) => {
  const { endIncluded, filterOn } = settings.listing
  const [earliest, times] = filterOn === "init" ? [start, index.init] : [start - index.longestRinging, index.start]
  const last = endIncluded ? end : end - 1
  // The start is cut to whole seconds and so may lie up to one before the more exact init.
  const latest = last + second
  return {
    first: index.firstAtOrAfter(earliest),
    after: index.firstAtOrAfter(latest),
    contains: (position: number): boolean => {
      const time = times[position] ?? 0
      return time >= start && time <= last
    }
  }
}

const storageStateOf = ({ settings }: Context, { recording }: RecordEntry): StorageState => {
  if (settings.storage === false) return "missing"
  const random = makeRandom(`storage of ${recording.id}`)
  if (random.chance(settings.storage.missing)) return "missing"
  return random.chance(settings.storage.refused) ? "refused" : "present"
}

const showsStorageUrl = ({ settings }: Context, { recording }: RecordEntry): boolean => {
  const { storageUrl } = settings.listing
  return storageUrl === "all" || (storageUrl === "some" && /^[0-5]/.test(recording.id))
}

/** The recordings over an index. */
export const makeRecords = (context: Context): Records => {
  const { clock, index, settings, storageOrigin } = context
  const deleted = new Set<number>()
  const now = (): number => clock.now().getTime()
  const isOutlived = (init: number, at: number): boolean =>
    settings.retention !== undefined && init < at - settings.retention.days * day
  const isRemoved = (position: number, init: number, at: number): boolean =>
    deleted.has(position) || (settings.retention?.rows === "removed" && isOutlived(init, at))
  const isListed = (position: number, at = now()): boolean =>
    at >= (index.visibleFrom[position] ?? Infinity) && !isRemoved(position, index.init[position] ?? 0, at)

  const stateOf = ({ init, position, recording }: RecordEntry): RecordingState => {
    const at = now()
    if (deleted.has(position)) return "deleted"
    if (at < recording.readyAt.getTime()) return "not-ready"
    if (recording.state === "expired" || isOutlived(init, at)) return "expired"
    return recording.state === "empty" ? "empty" : "available"
  }

  const storageUrl = (entry: RecordEntry): string =>
    `${storageOrigin()}/${sealPath(settings.storageKey, storagePath(settings, entry))}`

  return {
    index,
    stateOf,
    storageUrl,
    storageOf: (entry) => storageStateOf(context, entry),
    find: (uuid) => {
      const entry = index.findRecord(uuid.slice(uuid.indexOf("-") + 1))
      if (entry === undefined || !hasRecord(entry.leg)) return undefined
      const given = settings.recordIds === "as-listed" ? uuid : uuid.toUpperCase()
      return recordUuid(entry) === given ? entry : undefined
    },
    findByPath: (path, pathOf) => {
      const name = path.slice(path.lastIndexOf("/") + 1)
      const time = parseSeconds(name.slice(0, 19).replace(/^(\d+-\d+-\d+)-(\d+)-(\d+)-(\d+)$/, "$1 $2:$3:$4"))
      if (time === undefined) return undefined
      // The name's time is that of the answer or a second before it.
      const after = index.firstAtOrAfter(time + 2 * second)
      for (let position = index.firstAtOrAfter(time - index.longestRinging); position < after; position += 1) {
        const start = index.start[position] ?? 0
        if (start < time || start > time + second) continue
        const entry = index.entry(position)
        if (fileName(entry) === name && pathOf(entry) === path) return entry
      }
      return undefined
    },
    isKnown: ({ init, position, recording }) => {
      const at = now()
      return at >= recording.readyAt.getTime() && !isRemoved(position, init, at)
    },
    isListed: (position) => isListed(position),
    *inWindow(window, scope, order, skip = 0) {
      const { after, contains, first } = windowOf(context, window)
      // One time for the whole answer, as of one query to a database.
      const at = now()
      let skipped = 0
      for (let step = 0; step < after - first; step += 1) {
        const position = order === "asc" ? first + step : after - 1 - step
        if (!contains(position) || !scope(index.extensionId[position] ?? 0) || !isListed(position, at)) continue
        if (skipped < skip) skipped += 1
        else yield position
      }
    },
    row: (entry) => {
      const { changesAt } = entry.recording
      const storage = storageStateOf(context, entry)
      return recordRow(settings, entry, {
        changed: changesAt === undefined || now() >= changesAt.getTime(),
        storageUrl: storage !== "missing" && showsStorageUrl(context, entry) ? storageUrl(entry) : undefined
      })
    },
    remove: (position) => {
      deleted.add(position)
    }
  }
}
