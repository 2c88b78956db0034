/** Who the token speaks for and what it may do, and the telephony session of a running call. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { Addresses } from "./addresses.ts"
import { allPermissions, type AppUser, type UserPermission } from "./apps.ts"
import type { CallLog } from "./CallLog.ts"
import { invalidParameter, notFound } from "./errors.ts"
import type { RecordWriter } from "./recordJson.ts"
import type { JsonObject } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"
import { partiesOf } from "./telephonyEvent.ts"

export interface Account {
  readonly account: () => Answer
  readonly extension: (id: string) => Answer
  readonly permissions: (app: AppUser) => Answer
  /** `permissionId` in the query. */
  readonly checkPermission: (app: AppUser, query: URLSearchParams) => Answer
  readonly telephonySession: (telephonySessionId: string) => Answer
}

const extensionTypes = { phone: "User", queue: "Department", ivr: "IvrMenu" } as const

const isPermission = (text: string | null): text is UserPermission =>
  allPermissions.some((permission) => permission === text)

/** The resources about the account. */
export const makeAccount = (settings: Settings, log: CallLog, writer: RecordWriter, addresses: Addresses): Account => {
  const profile = `/extension/~/authz-profile`

  const permissionJson = (permission: UserPermission): JsonObject => ({
    permission: {
      uri: addresses.platform(`/dictionary/permission/${permission}`),
      id: permission,
      assignable: true,
      readOnly: permission.startsWith("Read")
    },
    effectiveRole: { uri: addresses.platform("/user-role/1"), id: "1" },
    scopes: ["Account", "Self"]
  })

  return {
    account: () =>
      jsonAnswer(200, {
        uri: addresses.platform(""),
        id: Number(settings.account),
        mainNumber: "+74995550101",
        status: "Confirmed",
        serviceInfo: { uri: addresses.platform("/service-info") }
      }),
    extension: (id) => {
      const extension =
        settings.world.extensions.find((each) => each.id === id) ??
        Object.values(settings.apps).find((app) => app.extension.id === id)?.extension
      if (extension === undefined) return notFound("extensionId")
      return jsonAnswer(200, {
        ...writer.extension(extension),
        extensionNumber: extension.number,
        name: extension.name,
        type: extensionTypes[extension.type],
        status: "Enabled",
        account: { uri: addresses.platform(""), id: settings.account }
      })
    },
    permissions: ({ permissions }) =>
      jsonAnswer(200, { uri: addresses.platform(profile), permissions: [...permissions].map(permissionJson) }),
    checkPermission: ({ permissions }, query) => {
      const id = query.get("permissionId")
      if (id === null) return invalidParameter("permissionId")
      const successful = isPermission(id) && permissions.has(id)
      return jsonAnswer(200, {
        uri: addresses.platform(`${profile}/check?permissionId=${encodeURIComponent(id)}`),
        successful,
        ...(successful ? { details: permissionJson(id) } : {})
      })
    },
    telephonySession: (telephonySessionId) => {
      const at = log.now()
      const call = log.index.callByTelephonySessionId(telephonySessionId)
      const running = (call?.records ?? []).filter(
        (record) => record.telephonySessionId === telephonySessionId && at >= record.startedAt && at < record.endedAt
      )
      const [first] = running
      if (first === undefined) return notFound("telephonySessionId")
      return jsonAnswer(200, {
        id: telephonySessionId,
        origin: { type: "Call" },
        creationTime: new Date(first.startedAt).toISOString(),
        parties: partiesOf(running).map(({ leg, recordings }) => ({
          id: leg.partyId,
          accountId: settings.account,
          extensionId: leg.extension.id,
          direction: leg.direction,
          from: writer.party(leg.from),
          to: writer.party(leg.to),
          status: { code: at < leg.endedAt ? "Answered" : "Disconnected", rcc: false },
          muted: false,
          standAlone: false,
          ...(recordings.size === 0
            ? {}
            : { recordings: [...recordings].map((id) => ({ id, active: at < leg.endedAt })) })
        }))
      })
    }
  }
}
