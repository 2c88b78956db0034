/** Which fields of a row a request gets: those it names, or the default ones. */

/** What a row has unless the request says otherwise. */
export const defaultFields: ReadonlySet<string> = new Set([
  "id",
  "app_id",
  "parent_id",
  "user",
  "extension",
  "gateway",
  "direction",
  "destination",
  "from",
  "to",
  "variables",
  "created_at",
  "answered_at",
  "bridged_at",
  "hangup_at",
  "stored_at",
  "hangup_by",
  "cause",
  "duration",
  "hold_sec",
  "wait_sec",
  "bill_sec",
  "sip_code",
  "files",
  "queue",
  "member",
  "team",
  "agent",
  "joined_at",
  "leaving_at",
  "reporting_at",
  "queue_bridged_at",
  "queue_wait_sec",
  "queue_duration_sec",
  "result",
  "reporting_sec",
  "tags",
  "display",
  "agent_description",
  "amd_result",
  "rate_id",
  "allow_evaluation"
])

/** What must be asked for. */
export const otherFields: ReadonlySet<string> = new Set([
  "transcripts",
  "files_job",
  "transfer_from",
  "transfer_to",
  "has_children",
  "bridged_id",
  "blind_transfer",
  "blind_transfers",
  "talk_sec",
  "hold",
  "annotations",
  "hangup_disposition",
  "hangup_phrase",
  "from_number",
  "to_number",
  "destination_name",
  "contact",
  "grantee",
  "schemas",
  "attempt_id"
])

export interface Selection {
  readonly has: (field: string) => boolean
  /** The keys of `variables` that are wanted; undefined for all of them. */
  readonly variables: ReadonlySet<string> | undefined
}

const prefix = "variables."

/** The fields a request names; names that do not exist are passed over. */
export const selectFields = (names: ReadonlyArray<string>): Selection => {
  if (names.length === 0) return { has: (field) => defaultFields.has(field), variables: undefined }
  const wanted = new Set(names.filter((name) => defaultFields.has(name) || otherFields.has(name)))
  const keys = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
  if (keys.length === 0) return { has: (field) => wanted.has(field), variables: undefined }
  return {
    has: (field) => field === "variables" || wanted.has(field),
    variables: wanted.has("variables") ? undefined : new Set(keys)
  }
}

/** Every field there is. */
export const allFields: Selection = {
  has: (field) => defaultFields.has(field) || otherFields.has(field),
  variables: undefined
}
