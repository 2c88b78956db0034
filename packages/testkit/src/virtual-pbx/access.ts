/** Who may see what: the level of the token's user against the level and owner in the address. */
import type { Answer } from "../simulator/Answer.ts"
import { forbidden, notFound } from "./errors.ts"
import type { Scope } from "./records.ts"
import type { Settings } from "./settings.ts"
import type { Level, PbxApp } from "./VirtualPbxOptions.ts"

const ranks: Readonly<Record<Level, number>> = { client: 3, extension_group: 2, extension: 1 }

/** Whether an app may call the API at all; undefined where it may. */
export const refusedApp = ({ apps }: Settings, app: PbxApp): Answer | undefined => {
  if (app.clientId === apps.blocked.clientId) return forbidden("user_blocked")
  return app.clientId === apps.withoutAccess.clientId ? forbidden("app_access_type_deny") : undefined
}

const scopeOf = ({ world }: Settings, level: Level, id: string): Scope | undefined => {
  if (level === "client") return () => true
  const members = world.extensions.filter(
    (extension) => (level === "extension" ? extension.id : extension.groupId) === id
  )
  const ids = new Set(members.map((extension) => Number(extension.id)))
  return ids.size === 0 ? undefined : (extensionId) => ids.has(extensionId)
}

/**
 * The recordings that `/{level}/{owner}/…` means for an app, or the refusal.
 *
 * `@me` is the token's user and so has the user's level only. A user sees what is below: the client all groups and
 * extensions, a group its extensions; nobody sees beside or above.
 */
export const resolveOwner = (settings: Settings, app: PbxApp, level: Level, owner: string): Scope | Answer => {
  if (ranks[level] > ranks[app.level]) return forbidden("user_access_type_deny")
  if (owner === "@me" && level !== app.level) return forbidden("user_access_type_deny")
  const id = owner === "@me" ? app.id : owner
  if (level === "client" && id !== String(settings.clientId)) return notFound("Client not found", "client_not_found")
  const scope = scopeOf(settings, level, id)
  if (scope === undefined) return notFound("Not found", `${level}_not_found`)
  if (app.level === level) return id === app.id ? scope : forbidden("access_denied")
  if (app.level === "client") return scope
  const own = scopeOf(settings, app.level, app.id)
  return own?.(Number(id)) === true ? scope : forbidden("access_denied")
}

/** The answer of `/user/`: who the token speaks for. */
export const userObject = (settings: Settings, app: PbxApp): Readonly<Record<string, unknown>> => ({
  id: Number(app.id) + 1,
  login: `${app.level}-${app.id}`,
  admin: false,
  access: "Call API",
  dealer_id: 1,
  client_id: settings.clientId,
  extension_group_id: app.level === "extension_group" ? Number(app.id) : null,
  extension_id: app.level === "extension" ? Number(app.id) : null,
  timezone: "Europe/Moscow",
  extra_params: null
})
