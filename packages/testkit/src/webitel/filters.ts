/** What a search asks of each leg, beyond its times of creation and storage. */
import { childrenOf, type CallTree, type Leg, legById } from "./Leg.ts"
import type { LegEntry } from "./LegIndex.ts"
import { durationOf } from "./legTimes.ts"
import { type Between, bothBounds, type SearchRequest } from "./searchRequest.ts"
import type { Abilities } from "./versions.ts"

export type LegFilter = (entry: LegEntry) => boolean

/** What the filters need that changes with time. */
export interface FilterContext {
  readonly abilities: Abilities
  readonly hasFile: (entry: LegEntry) => boolean
  readonly hasTranscript: (entry: LegEntry) => boolean
}

const numbersOf = ({ destination, from, to }: Leg): ReadonlyArray<string> => [
  from.number,
  to?.number ?? "",
  destination
]

/** `search_number`: the numbers of a leg and of those related to it in one text, with `|` between them. */
export const searchNumber = (tree: CallTree, leg: Leg): string => {
  const parent = legById(tree, leg.parentId)
  const related = [leg, ...(parent === undefined ? [] : [parent]), ...childrenOf(tree, leg)]
  return Array.from(new Set(related.flatMap(numbersOf).filter((number) => number !== ""))).join("|")
}

// The server escapes a plus at the beginning and nothing else.
const numberExpression = (pattern: string): RegExp | undefined => {
  try {
    return new RegExp(pattern.replace(/^\+/, "\\+"))
  } catch {
    return undefined
  }
}

const likeExpression = (q: string): RegExp => {
  const escaped = q.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return new RegExp(`^${escaped.replaceAll("\\*", ".*").replaceAll("%", ".*").replaceAll("_", ".")}$`, "isu")
}

const isBetween = (value: number, { from, to }: Between): boolean =>
  (from === undefined || value >= from) && (to === undefined || value <= to)

// The ids of a leg and of all its children: what the server has gathered when the call ended.
const aggregated = ({ leg, tree }: LegEntry, idOf: (leg: Leg) => string | undefined): ReadonlyArray<string> =>
  [leg, ...childrenOf(tree, leg)].flatMap((each) => idOf(each) ?? [])

const isMissed = ({ leg, tree }: LegEntry): boolean =>
  leg.direction === "inbound" &&
  leg.bridgedAt === undefined &&
  !leg.hideMissed &&
  legById(tree, leg.parentId)?.bridgedAt === undefined

/** The legs below another by parent or transfer, however far down, without that one. */
export const dependentsOf = (tree: CallTree, id: string): ReadonlySet<string> => {
  const found = new Set([id])
  let before = 0
  while (found.size > before) {
    before = found.size
    for (const leg of tree.legs) {
      if (found.has(leg.parentId ?? "") || found.has(leg.transferFrom ?? "")) found.add(leg.id)
    }
  }
  found.delete(id)
  return found
}

const byIds = (request: SearchRequest): ReadonlyArray<LegFilter> => {
  const wanted = (ids: ReadonlyArray<string>, idOf: (leg: Leg) => string | undefined): ReadonlyArray<LegFilter> =>
    ids.length === 0 ? [] : [(entry) => aggregated(entry, idOf).some((id) => ids.includes(id))]
  return [
    ...wanted(request.userId, ({ user }) => user?.id),
    ...wanted(request.agentId, ({ member }) => member?.agent?.id),
    ...wanted(request.queueId, ({ queue }) => queue?.id),
    ...wanted(request.teamId, ({ member }) => member?.team?.id),
    ...wanted(request.gatewayId, ({ gateway }) => gateway?.id)
  ]
}

const byTexts = (request: SearchRequest, { abilities }: FilterContext): ReadonlyArray<LegFilter> | undefined => {
  const filters: Array<LegFilter> = []
  if (request.number !== "") {
    const expression = numberExpression(request.number)
    if (expression === undefined) return undefined
    filters.push(({ leg, tree }) =>
      abilities.joinedNumbers
        ? expression.test(searchNumber(tree, leg))
        : numbersOf(leg).some((number) => expression.test(number))
    )
  }
  if (request.q !== "") {
    const expression = likeExpression(request.q)
    filters.push(({ leg }) => leg.id === request.q || numbersOf(leg).some((number) => expression.test(number)))
  }
  // Values of other types than text are never equal to the text that is asked for.
  for (const [key, value] of Object.entries(request.variables)) filters.push(({ leg }) => leg.variables[key] === value)
  if (request.tags.length > 0) filters.push(({ leg }) => request.tags.some((tag) => leg.tags.includes(tag)))
  if (request.cause.length > 0) filters.push(({ leg }) => request.cause.includes(leg.cause))
  if (request.direction !== "") filters.push(({ leg }) => leg.direction === request.direction)
  return filters
}

const byPlace = (request: SearchRequest): ReadonlyArray<LegFilter> => {
  const filters: Array<LegFilter> = []
  const { dependencyId, id, parentId, skipParent, transferFrom, transferTo } = request
  if (id.length > 0) {
    const ids = new Set(id.map((each) => each.toLowerCase()))
    filters.push(({ leg }) => ids.has(leg.id))
  }
  if (dependencyId !== "") {
    filters.push(({ leg, tree }) => dependentsOf(tree, dependencyId.toLowerCase()).has(leg.id))
  }
  if (skipParent) filters.push(({ leg }) => leg.parentId === undefined)
  if (parentId !== "") filters.push(({ leg }) => leg.parentId === parentId.toLowerCase())
  if (transferFrom.length > 0) filters.push(({ leg }) => transferFrom.includes(leg.transferFrom ?? ""))
  if (transferTo.length > 0) filters.push(({ leg }) => transferTo.includes(leg.transferTo ?? ""))
  return filters
}

const byState = (request: SearchRequest, context: FilterContext): ReadonlyArray<LegFilter> => {
  const is = (wanted: boolean | undefined, test: LegFilter): ReadonlyArray<LegFilter> =>
    wanted === undefined ? [] : [(entry) => test(entry) === wanted]
  const answered = bothBounds(request.answeredAt)
  const { duration, talk } = request
  return [
    ...(answered === undefined ? [] : [({ leg }: LegEntry) => isBetween(leg.answeredAt ?? -1, answered)]),
    ...(duration === undefined ? [] : [({ leg }: LegEntry) => isBetween(durationOf(leg), duration)]),
    ...(talk === undefined ? [] : [({ leg }: LegEntry) => isBetween(leg.talkSeconds, talk)]),
    ...is(request.missed, isMissed),
    ...is(request.hasTransfer, ({ leg }) => leg.transferFrom !== undefined || leg.transferTo !== undefined),
    ...is(request.hasTranscript, context.hasTranscript),
    ...is(request.hasFile, context.hasFile)
  ]
}

/** All that a search asks of a leg; undefined where its `number` is no expression. */
export const makeFilters = (request: SearchRequest, context: FilterContext): ReadonlyArray<LegFilter> | undefined => {
  const texts = byTexts(request, context)
  return texts === undefined
    ? undefined
    : [...byPlace(request), ...texts, ...byIds(request), ...byState(request, context)]
}
