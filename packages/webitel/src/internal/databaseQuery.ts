/** The question to the database (docs/vendors/webitel.md#database). Every value is a parameter; no text of a caller is SQL. */
import type { SqlClient } from "effect/sql/SqlClient"
import type { Fragment, Statement } from "effect/sql/Statement"
import type { HistoryFilter, HistoryQuery } from "./api.ts"
import { isCallId } from "./events.ts"

/** One row more than the page holds tells whether there is another page. */
export const rowsAskedFor = ({ size }: Pick<HistoryQuery, "size">): number => size + 1

/**
 * The rows of a page, in order of id: of each its `call`, what it `recorded`, both without nulls, and its `payload`, in
 * which null means something.
 *
 * What matches is found first, by the index of the filter: in one step, the limit makes the planner walk through all ids.
 */
export const pageOfRows = (
  sql: SqlClient,
  domain: string,
  { filter, page, size }: HistoryQuery,
  transcripts = false
): Statement<Readonly<Record<string, unknown>>> => sql`
  WITH RECURSIVE ${matching(sql, domain, filter)},
  page AS MATERIALIZED (
    SELECT id FROM matching ORDER BY id LIMIT ${rowsAskedFor({ size })} OFFSET ${size * Math.max(0, page - 1)}
  ),
  uploads AS (
    SELECT uuid, jsonb_agg(jsonb_build_object(
      'id', id::text, 'name', coalesce(view_name, name), 'size', size::text, 'mime_type', mime_type,
      'channel', channel, 'created_at', created_at::text
    ) ORDER BY id) AS files
    FROM storage.upload_file_jobs
    WHERE domain_id = ${domain}::bigint
    GROUP BY uuid
  )
  SELECT
    jsonb_strip_nulls(jsonb_build_object(
      'id', c.id,
      'parent_id', c.parent_id,
      'bridged_id', c.bridged_id,
      'direction', c.direction,
      'destination', c.destination,
      'from', nullif(jsonb_strip_nulls(jsonb_build_object(
        'type', c.from_type, 'number', c.from_number, 'id', c.from_id, 'name', c.from_name)), '{}'),
      'to', nullif(jsonb_strip_nulls(jsonb_build_object(
        'type', c.to_type, 'number', c.to_number, 'id', c.to_id, 'name', c.to_name)), '{}'),
      'extension', u.extension,
      'user', nullif(jsonb_strip_nulls(jsonb_build_object(
        'id', c.user_id::text, 'name', coalesce(u.name, u.username))), '{}'),
      'queue', nullif(jsonb_strip_nulls(jsonb_build_object('id', c.queue_id::text, 'name', q.name)), '{}'),
      'created_at', ${milliseconds(sql, "created_at")},
      'answered_at', ${milliseconds(sql, "answered_at")},
      'bridged_at', ${milliseconds(sql, "bridged_at")},
      'hangup_at', ${milliseconds(sql, "hangup_at")},
      'stored_at', ${milliseconds(sql, "stored_at")},
      'cause', c.cause,
      'talk_sec', c.talk_sec,
      'tags', array_remove(c.tags, NULL)${transcripts ? transcriptsOfLeg(sql) : sql``}
    )) AS call,
    jsonb_strip_nulls(jsonb_build_object(
      'queue_type', q.type,
      'record_start', c.params ->> 'record_start',
      'record_stop', c.params ->> 'record_stop',
      'files', (
        SELECT jsonb_agg(jsonb_build_object(
          'id', f.id::text, 'name', coalesce(f.view_name, f.name), 'size', f.size::text, 'mime_type', f.mime_type,
          'channel', f.channel, 'created_at', f.created_at::text, 'own', f.uuid = c.id::text,
          'start_time', f.custom_properties ->> 'start_time', 'end_time', f.custom_properties ->> 'end_time'
        ) ORDER BY f.id)
        FROM storage.files f
        WHERE f.domain_id = c.domain_id AND f.uuid IN (c.id::text, c.parent_id::text) AND f.removed IS NOT TRUE
      ),
      'uploads', own_uploads.files,
      'parent_uploads', parent_uploads.files
    )) AS recorded,
    c.payload
  FROM page
  JOIN call_center.cc_calls_history c ON c.id = page.id AND c.domain_id = ${domain}::bigint
  LEFT JOIN directory.wbt_user u ON u.id = c.user_id AND u.dc = c.domain_id
  LEFT JOIN call_center.cc_queue q ON q.id = c.queue_id AND q.domain_id = c.domain_id
  LEFT JOIN uploads own_uploads ON own_uploads.uuid = c.id::text
  LEFT JOIN uploads parent_uploads ON parent_uploads.uuid = c.parent_id::text
  ORDER BY c.id`

/** The transcripts of the leg's own files; one more table to be allowed to read. */
const transcriptsOfLeg = (sql: SqlClient): Fragment => sql`,
      'transcripts', (
        SELECT jsonb_agg(jsonb_build_object('id', s.id::text, 'locale', s.locale, 'file_id', s.file_id::text) ORDER BY s.id)
        FROM storage.file_transcript s
        JOIN storage.files f ON f.id = s.file_id AND f.domain_id = c.domain_id
        WHERE f.uuid = c.id::text AND f.removed IS NOT TRUE
      )`

/** The ids that a filter finds, as the table `matching`. */
const matching = (sql: SqlClient, domain: string, filter: HistoryFilter): Fragment => {
  const history = sql`SELECT c.id FROM call_center.cc_calls_history c WHERE c.domain_id = ${domain}::bigint`
  if ("createdAt" in filter) {
    const { from, to } = filter.createdAt
    return sql`matching AS MATERIALIZED (
      ${history} AND c.created_at >= ${instant(from)} AND c.created_at <= ${instant(to)}${withNumber(sql, filter.number)})`
  }
  if ("storedAt" in filter) {
    const { from, to } = filter.storedAt
    return sql`matching AS MATERIALIZED (
      ${history} AND c.stored_at >= ${instant(from)} AND c.stored_at <= ${instant(to)})`
  }
  if ("ids" in filter) return sql`matching AS MATERIALIZED (${history} AND c.id = ANY (${uuids(filter.ids)}::uuid[]))`
  // `UNION` keeps each leg once, so that legs which are each other's parents come to an end.
  return sql`below (id) AS (
      ${history} AND c.parent_id = ANY (${uuids([filter.below])}::uuid[])
      UNION
      SELECT c.id FROM below JOIN call_center.cc_calls_history c ON c.parent_id = below.id
      WHERE c.domain_id = ${domain}::bigint
    ),
    matching AS MATERIALIZED (SELECT id FROM below WHERE id <> ALL (${uuids([filter.below])}::uuid[]))`
}

/** `search_number` has the numbers of the legs around, too; of old rows it is not set. */
const withNumber = (sql: SqlClient, pattern: string | undefined): Fragment =>
  pattern === undefined
    ? sql``
    : sql` AND (c.search_number ~ ${pattern} OR c.from_number ~ ${pattern} OR c.to_number ~ ${pattern}
        OR c.destination ~ ${pattern})`

type TimeColumn = "created_at" | "answered_at" | "bridged_at" | "hangup_at" | "stored_at"

/** Microseconds are rounded to milliseconds, as the history does. */
const milliseconds = (sql: SqlClient, column: TimeColumn): Fragment =>
  sql`round(extract(epoch FROM c.${sql(column)}) * 1000)::bigint::text`

const latest = Date.UTC(9999, 0)

/** An instant that the database can hold; of what is no number, the first of all. */
const instant = (milliseconds: number): Date => new Date(Math.min(Math.max(milliseconds || 0, 0), latest))

/** An array in PostgreSQL's own writing. What is no id of a leg is one that no leg has. */
const uuids = (ids: ReadonlyArray<string>): string => `{${ids.filter(isCallId).join(",")}}`
