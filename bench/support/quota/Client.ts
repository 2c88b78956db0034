import * as t from "io-ts"

/** Where the recordings are and who may read them; both clients' origins are of one account. */
export const Account = t.type({
  serverUrl: t.string,
  mediaUrl: t.string,
  clientId: t.string,
  clientSecret: t.string,
  jwt: t.string,
  /** The window that all calls lie in, as the vendor's API writes it. */
  dateFrom: t.string,
  dateTo: t.string
})
export type Account = t.TypeOf<typeof Account>

/** What a client is to do, and whom it tells. */
export interface Job {
  readonly account: Account
  /** How many recordings are asked for at once. */
  readonly atOnce: number
  /** The whole audio of a recording has come. */
  readonly fetched: (recordingId: string, sha512: string) => void
  /** A recording was asked for in vain; why. */
  readonly failed: (reason: string) => void
}

/** Lists all recordings of an account and fetches their audio, once. */
export type Client = (job: Job) => Promise<void>

/** What a client's process says when it has loaded its code. */
export const ready = "ready"

/** What it is sent then, once. */
export const Order = t.type({
  account: Account,
  atOnce: t.number,
  /** When it is stopped, in seconds. */
  capSeconds: t.number
})
export type Order = t.TypeOf<typeof Order>

/** What it answers in the end. */
export const Delivery = t.type({
  seconds: t.number,
  /** Stopped at the cap. */
  capped: t.boolean,
  /** Most memory that was resident, in MiB. */
  mebibytes: t.number,
  /** Recording and SHA-512 of its audio. */
  fetched: t.array(t.tuple([t.string, t.string])),
  /** How often recordings were asked for in vain, by the reason. */
  failures: t.record(t.string, t.number)
})
export type Delivery = t.TypeOf<typeof Delivery>
