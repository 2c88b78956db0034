/** Who may see what: the account and the extension of an address against the user of the token. */
import type { Answer } from "../simulator/Answer.ts"
import type { AppUser } from "./apps.ts"
import { appForbidden, notFound, otherExtension, userForbidden } from "./errors.ts"
import type { Operation } from "./routes.ts"
import type { Settings } from "./settings.ts"

/** Whether app and user may do this at all; undefined where they may. */
export const refusedUser = ({ extractSync }: Settings, app: AppUser, operation: Operation): Answer | undefined => {
  const { name, permission, scope } = operation
  if (!app.scopes.has(scope)) return appForbidden(scope)
  if (permission !== undefined && !app.permissions.has(permission)) return userForbidden(permission)
  // No code is documented for accounts without this resource: what lacks is taken for the company's log.
  const denied = name === "extract-sync" && !(extractSync && app.extractSync)
  return denied ? userForbidden("FullCompanyCallLog") : undefined
}

/** The refusal of an account or extension in an address; undefined where the user may see it. */
export const refusedOwner = (
  { account, world }: Settings,
  app: AppUser,
  ids: Readonly<Record<string, string>>
): Answer | undefined => {
  const { account: accountId = "~", extension = "~" } = ids
  if (accountId !== "~" && accountId !== account) return notFound("accountId")
  if (extension === "~" || extension === app.extension.id) return undefined
  if (!world.extensions.some(({ id }) => id === extension)) return notFound("extensionId")
  return app.permissions.has("FullCompanyCallLog") ? undefined : otherExtension()
}
