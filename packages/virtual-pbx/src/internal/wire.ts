/**
 * The platform's JSON, as little of it as is used. Rows have grown over the years and will again: unknown keys are left
 * alone, and only what every row has had since 2018 is required (docs/vendors/virtual-pbx.md#rows).
 */
import * as t from "io-ts"

const text = t.union([t.string, t.null])
const whole = t.union([t.number, t.null])

/** A row of `/record/`, and of `cdr` in `/call_history/`, where a leg without a recording has no `record_uuid`. */
export const LegRow = t.intersection(
  [
    t.type({ init_time_gmt: t.string }),
    t.partial({
      record_uuid: text,
      record_file_size: whole,
      file_name: text,
      storage_url: text,
      call_uuid: text,
      client_owner_id: whole,
      start_time_gmt: text,
      hangup_time_gmt: text,
      duration: whole,
      flow: text,
      result: text,
      extension_id: whole,
      extension_name: text,
      extension_type: text,
      from_username: text,
      from_screen_name: text,
      to_username: text,
      dest_number: text,
      did_number: text
    })
  ],
  "LegRow"
)
export type LegRow = t.TypeOf<typeof LegRow>

/** A row of `/record/`: the same, always with the recording's id. */
export const RecordRow = t.intersection([LegRow, t.type({ record_uuid: t.string })], "RecordRow")
export type RecordRow = t.TypeOf<typeof RecordRow>

/** The answer of `/record/`: a bare array, without any total. */
export const RecordRows = t.array(RecordRow, "RecordRows")

/** The answer of `/call_history/{CallID}`: one call with its legs. The legs do not repeat the call's id. */
export const CallHistory = t.intersection(
  [
    t.type({ call_uuid: t.string, cdr: t.array(LegRow) }),
    t.partial({ init_time_gmt: text, hangup_time_gmt: text, result: text })
  ],
  "CallHistory"
)
export type CallHistory = t.TypeOf<typeof CallHistory>

/** The answer of `…/path/`. */
export const RecordPath = t.type({ record_datetime_gmt: t.string, file_size: whole, filename: t.string }, "RecordPath")
export type RecordPath = t.TypeOf<typeof RecordPath>

/** The answer of `…/storage_url/`. */
export const StorageUrl = t.type({ record_url: t.string }, "StorageUrl")

/** The answer of `/oauth/token`; the time it lives is not always told. */
export const TokenAnswer = t.intersection(
  [t.type({ access_token: t.string }), t.partial({ expires_in: t.union([t.number, t.string, t.null]) })],
  "TokenAnswer"
)

/** The answer of `/user/`. */
export const User = t.intersection(
  [
    t.type({ client_id: t.union([t.number, t.string]) }),
    t.partial({
      extension_id: t.union([t.number, t.string, t.null]),
      extension_group_id: t.union([t.number, t.string, t.null])
    })
  ],
  "User"
)
