/** What the tests share: a history in memory that answers as Webitel's does. */
import { Effect } from "effect"
import type { Api, HistoryFilter, HistoryQuery } from "../api.ts"
import { TooMuch } from "../errors.ts"
import type { CallFile, HistoryCall } from "../wire.ts"

/** A leg, with the files that are its own and the instants from which they are there. */
export interface FakeLeg {
  readonly id: string
  readonly parent?: string
  readonly createdAt: number
  readonly hangupAt: number
  /** In microseconds, as the database keeps it. */
  readonly storedMicros: number
  readonly files: ReadonlyArray<{ readonly id: string; readonly from: number }>
}

export interface FakeHistory extends Pick<Api, "history"> {
  readonly requests: Array<HistoryQuery>
  now: number
}

/** A uuid that a small number stands for. */
export const legId = (index: number): string => `00000001-0000-4000-8000-${index.toString(16).padStart(12, "0")}`

/** `startRecord`: whether the version says which leg a file belongs to; `most`: rows of an answer beyond which it fails. */
export const fakeHistory = (
  legs: ReadonlyArray<FakeLeg>,
  { most = Infinity, startRecord = true }: { readonly most?: number; readonly startRecord?: boolean } = {}
): FakeHistory => {
  const byId = new Map(legs.map((leg) => [leg.id, leg]))
  const self: FakeHistory = {
    requests: [],
    now: 0,
    history: (query) =>
      Effect.suspend(() => {
        self.requests.push(query)
        const found = legs.filter((leg) => leg.storedMicros <= self.now * 1000 && matches(leg, query.filter, byId))
        if (Math.min(query.size, found.length) > most) return Effect.fail(new TooMuch())
        const sorted = found.toSorted((left, right) => (left.id < right.id ? -1 : 1))
        const start = (query.page - 1) * query.size
        const items = sorted.slice(start, start + query.size).map((leg) => rowOf(leg, byId, self.now, startRecord))
        return Effect.succeed({ items, next: sorted.length > start + query.size })
      })
  }
  return self
}

const matches = (leg: FakeLeg, filter: HistoryFilter, byId: ReadonlyMap<string, FakeLeg>): boolean => {
  if ("createdAt" in filter) return leg.createdAt >= filter.createdAt.from && leg.createdAt <= filter.createdAt.to
  if ("storedAt" in filter) {
    return leg.storedMicros >= filter.storedAt.from * 1000 && leg.storedMicros <= filter.storedAt.to * 1000
  }
  if ("ids" in filter) return filter.ids.includes(leg.id)
  for (let parent = leg.parent; parent !== undefined; parent = byId.get(parent)?.parent) {
    if (parent === filter.below) return true
  }
  return false
}

const rowOf = (leg: FakeLeg, byId: ReadonlyMap<string, FakeLeg>, now: number, startRecord: boolean): HistoryCall => {
  const parent = byId.get(leg.parent ?? "")
  const file = (id: string, own: boolean): CallFile => ({
    id,
    mime_type: "audio/mp3",
    size: "100",
    ...(startRecord && { start_record: own ? "client" : "" })
  })
  const present = (of: FakeLeg | undefined, own: boolean): ReadonlyArray<CallFile> =>
    of?.files.filter(({ from }) => from <= now).map(({ id }) => file(id, own)) ?? []
  return {
    id: leg.id,
    ...(leg.parent !== undefined && { parent_id: leg.parent }),
    created_at: String(leg.createdAt),
    hangup_at: String(leg.hangupAt),
    stored_at: String(Math.floor(leg.storedMicros / 1000)),
    talk_sec: 10,
    files: [...present(leg, true), ...present(parent, false)]
  }
}
