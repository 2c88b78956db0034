/** The simulator's data, by its clock, as rows of the database: what an archive on the server's own site would read. */
import { viewName } from "./callFile.ts"
import type { Context } from "./context.ts"
import { ddl } from "./ddl.ts"
import type { NamedId } from "./directory.ts"
import type { FileEntry } from "./FileIndex.ts"
import { contentOf } from "./files.ts"
import { searchNumber } from "./filters.ts"
import { childrenOf, type Endpoint, type Leg } from "./Leg.ts"
import type { LegEntry } from "./LegIndex.ts"
import { holdOf } from "./legTimes.ts"
import { directoryOf, hasRow, storedName } from "./storedFiles.ts"
import type { DatabaseRow, DatabaseValue, WebitelDataSet } from "./WebitelOptions.ts"

// A Date is exact to milliseconds; the three digits after them are put in by hand.
const timestamp = (milliseconds: number, microseconds = 0): string =>
  new Date(milliseconds).toISOString().replace("Z", `${String(microseconds).padStart(3, "0")}Z`)

const timestampOrNull = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : timestamp(milliseconds)

const ofMicroseconds = (microseconds: number): string => timestamp(Math.floor(microseconds / 1000), microseconds % 1000)

const endpointColumns = (prefix: "from" | "to", endpoint: Endpoint | undefined): DatabaseRow => ({
  [`${prefix}_type`]: endpoint?.type ?? null,
  [`${prefix}_name`]: endpoint?.name ?? null,
  [`${prefix}_number`]: endpoint?.number ?? null,
  [`${prefix}_id`]: endpoint?.id ?? null
})

const idOf = (of: NamedId | undefined): string | null => of?.id ?? null

// What the server gathers from a leg and its children; null where there is nothing.
const gathered = (legs: ReadonlyArray<Leg>, of: (leg: Leg) => string | undefined): DatabaseValue => {
  const ids = new Set(legs.flatMap((leg) => of(leg) ?? []))
  return ids.size === 0 ? null : Array.from(ids)
}

const paramsOf = (leg: Leg): string => {
  const recorded = leg.files.find(({ kind }) => kind === "audio")?.recordedAt
  return JSON.stringify(recorded === undefined ? {} : { record_start: recorded.start, record_stop: recorded.stop })
}

const holdOfRow = ({ hold }: Leg, seconds: number): string | null =>
  hold === undefined ? null : JSON.stringify([{ start: hold.start, stop: hold.stop, sec: seconds }])

const callRow = ({ settings }: Context, { leg, storedAt, tree }: LegEntry): DatabaseRow => {
  const legs = [leg, ...childrenOf(tree, leg)]
  const { blindTransfer, member } = leg
  return {
    id: leg.id,
    domain_id: settings.domain,
    app_id: "fs-node-1",
    parent_id: leg.parentId ?? null,
    direction: leg.direction,
    destination: leg.destination,
    ...endpointColumns("from", leg.from),
    ...endpointColumns("to", leg.to),
    payload: Object.keys(leg.variables).length === 0 ? null : JSON.stringify(leg.variables),
    hold_sec: holdOf(leg),
    hold: holdOfRow(leg, holdOf(leg)),
    cause: leg.cause,
    sip_code: leg.sipCode,
    bridged_id: leg.bridgedId ?? null,
    gateway_id: idOf(leg.gateway),
    user_id: idOf(leg.user),
    queue_id: idOf(leg.queue),
    team_id: idOf(member?.team),
    agent_id: idOf(member?.agent),
    attempt_id: member?.attemptId ?? null,
    // Nobody keeps it: what reads durations computes them.
    duration: 0,
    tags: leg.tags.length === 0 ? null : leg.tags,
    created_at: timestamp(leg.createdAt),
    answered_at: timestampOrNull(leg.answeredAt),
    bridged_at: timestampOrNull(leg.bridgedAt),
    hangup_at: timestamp(leg.hangupAt),
    stored_at: ofMicroseconds(storedAt),
    hangup_by: leg.hangupBy ?? null,
    transfer_from: leg.transferFrom ?? null,
    transfer_to: leg.transferTo ?? null,
    blind_transfer: blindTransfer?.number ?? null,
    blind_transfers: blindTransfer === undefined ? null : JSON.stringify([blindTransfer]),
    talk_sec: leg.talkSeconds,
    hide_missed: leg.hideMissed,
    search_number: searchNumber(tree, leg),
    params: paramsOf(leg),
    user_ids: gathered(legs, ({ user }) => user?.id),
    agent_ids: gathered(legs, (each) => each.member?.agent?.id),
    queue_ids: gathered(legs, ({ queue }) => queue?.id),
    team_ids: gathered(legs, (each) => each.member?.team?.id),
    gateway_ids: gathered(legs, ({ gateway }) => gateway?.id)
  }
}

const uploadColumns = ({ settings }: Context, entry: FileEntry): DatabaseRow => ({
  id: entry.id,
  name: storedName(entry),
  view_name: viewName(entry),
  uuid: entry.leg.id,
  mime_type: entry.file.mimeType,
  size: String(contentOf(entry.file).bytes),
  created_at: String(entry.file.queuedAt),
  domain_id: settings.domain,
  channel: entry.file.channel
})

const fileRow = (context: Context, entry: FileEntry): DatabaseRow => {
  const { recordedAt, retentionUntil, trouble } = entry.file
  const marked = context.files.removedAt(entry)
  return {
    ...uploadColumns(context, entry),
    properties: JSON.stringify({ directory: directoryOf(context, entry) }),
    instance: "storage-1",
    profile_id: null,
    removed: marked !== undefined && marked <= context.clock.now().getTime() ? true : null,
    not_exists: trouble === "unreadable" ? true : null,
    sha256sum: null,
    retention_until: timestampOrNull(retentionUntil),
    malware: trouble === "malware" ? JSON.stringify({ found: true }) : null,
    // Recordings of sound have their times at the call.
    custom_properties:
      recordedAt === undefined || entry.file.kind === "audio"
        ? null
        : JSON.stringify({ start_time: recordedAt.start, end_time: recordedAt.stop })
  }
}

// Queued, and not yet among the files.
const isPending = ({ clock }: Context, { file }: FileEntry): boolean => {
  const now = clock.now().getTime()
  return file.queuedAt <= now && now < file.readyAt
}

/** Rows that are made each time they are gone through. */
const rows = (make: () => Generator<DatabaseRow, void>): Iterable<DatabaseRow> => ({ [Symbol.iterator]: make })

const fileRows = (
  context: Context,
  keep: (entry: FileEntry) => boolean,
  make: (entry: FileEntry) => ReadonlyArray<DatabaseRow>
): Iterable<DatabaseRow> =>
  rows(function* () {
    for (const entry of context.fileIndex.all()) if (keep(entry)) yield* make(entry)
  })

const transcriptRows = (context: Context, entry: FileEntry): ReadonlyArray<DatabaseRow> =>
  context.transcripts.of(entry).map(({ id, locale, phrases }) => ({
    id,
    file_id: entry.id,
    uuid: entry.leg.id,
    domain_id: context.settings.domain,
    locale,
    transcript: phrases.map(({ phrase }) => phrase).join("\n"),
    phrases: JSON.stringify(phrases),
    created_at: timestamp(entry.file.readyAt + 60_000)
  }))

const directoryRows = ({
  settings
}: Context): Pick<WebitelDataSet, "queues" | "users" | "agents" | "teams" | "gateways"> => {
  const { agents, gateways, queues, teams, users } = settings.directory
  const domain = { domain_id: settings.domain }
  return {
    queues: queues.map(({ id, name, teamId, type }) => ({ id, ...domain, name, type, enabled: true, team_id: teamId })),
    teams: teams.map(({ id, name }) => ({ id, ...domain, name })),
    agents: agents.map(({ id, teamId, userId }) => ({ id, ...domain, user_id: userId, team_id: teamId })),
    users: users.map(({ extension, id, name }) => ({
      id,
      dc: settings.domain,
      username: `user${id}`,
      name,
      extension
    })),
    gateways: gateways.map(({ id, name }) => ({ id, dc: settings.domain, name }))
  }
}

/** The rows of every table. */
export const makeDataSet = (context: Context): WebitelDataSet => {
  const { clock, index } = context
  return {
    ddl,
    tables: {
      calls: "call_center.cc_calls_history",
      files: "storage.files",
      uploadJobs: "storage.upload_file_jobs",
      transcripts: "storage.file_transcript",
      queues: "call_center.cc_queue",
      users: "directory.wbt_user",
      agents: "call_center.cc_agent",
      teams: "call_center.cc_team",
      gateways: "directory.sip_gateway"
    },
    calls: rows(function* () {
      const horizon = clock.now().getTime() * 1000
      for (let position = 0; position < index.size; position += 1) {
        if ((index.storedAt[position] ?? 0) <= horizon) yield callRow(context, index.entry(position))
      }
    }),
    files: fileRows(
      context,
      (entry) => hasRow(context, entry),
      (entry) => [fileRow(context, entry)]
    ),
    uploadJobs: fileRows(
      context,
      (entry) => isPending(context, entry),
      (entry) => [{ ...uploadColumns(context, entry), state: 0, attempts: 1 }]
    ),
    transcripts: fileRows(
      context,
      (entry) => hasRow(context, entry),
      (entry) => transcriptRows(context, entry)
    ),
    ...directoryRows(context)
  }
}
