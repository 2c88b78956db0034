/** What the token may do (docs/vendors/webitel.md#permissions): without playback, files are left out without a word. */
import { Forbidden, type PermissionCheck, type Reason, type SourceCheck } from "@callreel/recording"
import { clockSkewSeconds } from "@callreel/transport"
import { Effect } from "effect"
import type { Api } from "./api.ts"
import { playbackPermission } from "./errors.ts"
import type { UserInfo } from "./wire.ts"

/** The class of recordings, which the storage wants read access to. */
const recordFileClass = "record_file"

/** Playback of recent calls only, where the domain's settings allow it. */
const timeLimited = "time_limited_record_file"

/** The permissions that reading recordings needs, as the token has them. */
export const permissionsOf = (user: UserInfo): ReadonlyArray<PermissionCheck> => {
  const granted = new Set(user.permissions?.map(({ id }) => id ?? ""))
  const recordFiles = user.scope?.find((scope) => scope.class === recordFileClass)
  // Where access is by record, what a user may read is decided file by file.
  const byRecord = recordFiles?.rbac === true && recordFiles.access?.includes("r") === true
  const playback =
    granted.has(timeLimited) && !granted.has(playbackPermission)
      ? { name: timeLimited, granted: true }
      : { name: playbackPermission, granted: granted.has(playbackPermission) || byRecord }
  // The storage asks for the class, too; a token that tells no classes may have all of them.
  const classes = user.scope ?? []
  return [playback, ...(classes.length === 0 ? [] : [{ name: recordFileClass, granted: recordFiles !== undefined }])]
}

/** Fails where the token may not see files: the history would be answered, and look as if nothing had been recorded. */
export const mustSeeFiles = (user: UserInfo): Effect.Effect<void, Forbidden> => {
  const missing = permissionsOf(user).find(({ granted }) => !granted)
  return missing === undefined
    ? Effect.void
    : Effect.fail(
        new Forbidden({
          permission: missing.name,
          detail:
            missing.name === recordFileClass
              ? "Webitel's storage refuses recordings to this token, as its user has no access to their class"
              : "Webitel leaves recordings out for this token without saying so, as its user lacks a permission"
        })
      )
}

/** The preflight: whose token it is, until when, what it may, and how the clocks differ. */
export const check = (api: Api): Effect.Effect<SourceCheck, Reason> =>
  Effect.gen(function* () {
    const user = yield* api.userInfo
    const now = user.receivedAt.getTime()
    yield* api.history({ filter: { createdAt: { from: now - 60_000, to: now } }, page: 1, size: 1 })
    const skew = clockSkewSeconds(user.headers, user.receivedAt)
    const account = user.value.dc
    return {
      ...(account != null && account !== "" && { account: String(account) }),
      permissions: permissionsOf(user.value),
      ...(skew !== undefined && { clockSkewSeconds: skew }),
      limits: yield* api.limits
    }
  })
