/** `/api/call_center/queues`. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { Context } from "./context.ts"
import type { Queue } from "./directory.ts"
import { type ApiError, permissionDenied } from "./errors.ts"
import type { JsonObject } from "./Json.ts"
import type { Session } from "./sessions.ts"
import { flag, int64, list, message, number, text } from "./wire.ts"

const queueItem = ({ settings, write }: Context, queue: Queue): JsonObject => {
  const team = settings.directory.teams.find(({ id }) => id === queue.teamId)
  return write(`queue ${queue.id}`, {
    id: int64(queue.id),
    domain_id: int64(settings.domain),
    created_at: int64(Date.UTC(2025, 0, 15)),
    updated_at: int64(undefined),
    name: text(queue.name),
    description: text(undefined),
    strategy: text("longest_idle"),
    enabled: flag(true),
    type: number(queue.type),
    priority: number(0),
    timeout: number(60),
    sticky_agent: flag(false),
    count: number(0),
    waiting: number(0),
    active: number(0),
    team: message(
      team === undefined ? undefined : write(`team ${team.id}`, { id: int64(team.id), name: text(team.name) })
    ),
    schema: message(undefined),
    tags: list([])
  })
}

const pageOf = (query: URLSearchParams): readonly [page: number, size: number] => {
  const size = Number(query.get("size") ?? 0)
  return [Math.max(1, Number(query.get("page") ?? 1)), size < 1 ? 40 : size]
}

/** The queues a query asks for, by id, type and name; a page of them. */
export const searchQueues = (context: Context, session: Session, query: URLSearchParams): Answer | ApiError => {
  if (!session.access.cc_queue.includes("r")) return permissionDenied()
  const ids = query.getAll("id")
  const types = query.getAll("type").map(Number)
  const name = (query.get("q") ?? "").replaceAll("*", "").toLowerCase()
  const queues = session.domain === context.settings.domain ? context.settings.directory.queues : []
  const found = queues.filter(
    (queue) =>
      (ids.length === 0 || ids.includes(queue.id)) &&
      (types.length === 0 || types.includes(queue.type)) &&
      queue.name.toLowerCase().includes(name) &&
      query.get("enabled") !== "false"
  )
  const [page, size] = pageOf(query)
  const start = (page - 1) * size
  const items = found.slice(start, start + size).map((queue) => queueItem(context, queue))
  return jsonAnswer(
    200,
    context.write(`queues ${page}`, { next: flag(found.length > start + size), items: list(items) })
  )
}
