/** The apps a test can use, their users, and what each may do. */
import type { SimulatedExtension } from "../calls/SimulatedCall.ts"
import type { Random } from "../simulator/Random.ts"
import type { RingCentralApp } from "./RingCentralOptions.ts"

/** Permissions of an application: the scopes of its tokens. */
export type AppPermission =
  | "CallControl"
  | "EditCallLog"
  | "ReadAccounts"
  | "ReadCallLog"
  | "ReadCallRecording"
  | "ReadMessages"
  | "SubscriptionWebhook"

/** Permissions of a user's role. */
export type UserPermission =
  | "EditCompanyCallRecordings"
  | "FullCompanyCallLog"
  | "ReadCallLog"
  | "ReadCallRecording"
  | "ReadMessages"

/** An app with the user of its JWT. */
export interface AppUser extends RingCentralApp {
  readonly extension: SimulatedExtension
  readonly scopes: ReadonlySet<AppPermission>
  readonly permissions: ReadonlySet<UserPermission>
  readonly locked: boolean
  readonly extractSync: boolean
}

export const allScopes: ReadonlyArray<AppPermission> = [
  "CallControl",
  "EditCallLog",
  "ReadAccounts",
  "ReadCallLog",
  "ReadCallRecording",
  "ReadMessages",
  "SubscriptionWebhook"
]

export const allPermissions: ReadonlyArray<UserPermission> = [
  "EditCompanyCallRecordings",
  "FullCompanyCallLog",
  "ReadCallLog",
  "ReadCallRecording",
  "ReadMessages"
]

export type AppName =
  | "app"
  | "withoutCallLogScope"
  | "withoutRecordingScope"
  | "withoutRecordingPermission"
  | "withoutCompanyCallLog"
  | "withoutExtractSync"
  | "locked"

const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64url")

const makeJwt = (random: Random, subject: string, account: string): string =>
  [
    encode(JSON.stringify({ kid: random.fork("kid").hex(32), typ: "JWT", alg: "RS256" })),
    encode(JSON.stringify({ aud: "/restapi/oauth/token", sub: subject, accountId: account, jti: random.hex(22) })),
    Buffer.from(random.fork("signature").hex(512), "hex").toString("base64url")
  ].join(".")

const noExtension: SimulatedExtension = { id: "1", number: "0001", name: "1", type: "phone", groupId: undefined }

/** Every app; each has a user of its own as far as the phones reach. */
export const makeApps = (
  random: Random,
  account: string,
  extensions: ReadonlyArray<SimulatedExtension>
): Readonly<Record<AppName, AppUser>> => {
  const phones = extensions.filter(({ type }) => type === "phone")
  const make = (name: AppName, user: number, change: Partial<AppUser> = {}): AppUser => {
    const own = random.fork(name)
    const extension = phones[user] ?? phones[0] ?? noExtension
    return {
      clientId: own.fork("id").hex(22),
      clientSecret: own.fork("secret").hex(44),
      jwt: makeJwt(own.fork("jwt"), extension.id, account),
      extension,
      scopes: new Set(allScopes),
      permissions: new Set(allPermissions),
      locked: false,
      extractSync: true,
      ...change
    }
  }
  const scopesWithout = (...left: ReadonlyArray<AppPermission>) =>
    new Set(allScopes.filter((scope) => !left.includes(scope)))
  const permissionsWithout = (...left: ReadonlyArray<UserPermission>) =>
    new Set(allPermissions.filter((permission) => !left.includes(permission)))
  return {
    app: make("app", 0),
    withoutCallLogScope: make("withoutCallLogScope", 1, { scopes: scopesWithout("ReadCallLog") }),
    withoutRecordingScope: make("withoutRecordingScope", 2, { scopes: scopesWithout("ReadCallRecording") }),
    withoutRecordingPermission: make("withoutRecordingPermission", 3, {
      permissions: permissionsWithout("ReadCallRecording")
    }),
    withoutCompanyCallLog: make("withoutCompanyCallLog", 4, {
      permissions: permissionsWithout("FullCompanyCallLog", "EditCompanyCallRecordings")
    }),
    withoutExtractSync: make("withoutExtractSync", 5, { extractSync: false }),
    locked: make("locked", 6, { locked: true })
  }
}
