/** The addresses that answers carry: with the account's number, never `~`. */
import type { Settings } from "./settings.ts"

export interface Origins {
  readonly platform: string
  readonly media: string
  readonly third: string
}

export interface Addresses {
  /** A resource below the account on the platform's host. */
  readonly platform: (path: string) => string
  /** A resource of the platform by its whole path, as navigation writes it. */
  readonly navigation: (path: string) => string
  readonly contentUri: (recordingId: string) => string
  readonly messageContentUri: (extensionId: string, messageId: number, attachmentId: number) => string
}

/** Where everything of an account begins. */
export const accountPath = (account: string): string => `/restapi/v1.0/account/${account}`

/** The same origin with its port written out in another way, as `:443` after https is. */
export const withPort = (origin: string): string => origin.replace(/:(\d+)$/, ":0$1")

/** Addresses; the origins are known only after the servers have started. */
export const makeAddresses = (
  { account, contentUri, nextPage }: Pick<Settings, "account" | "contentUri" | "nextPage">,
  origins: () => Origins
): Addresses => {
  const spelled = (how: "with-port" | "hostile" | "absolute" | "media", origin: string): string => {
    if (how === "hostile") return origins().third
    return how === "with-port" ? withPort(origin) : origin
  }
  return {
    platform: (path) => `${origins().platform}${accountPath(account)}${path}`,
    navigation: (path) => `${spelled(nextPage, origins().platform)}${path}`,
    contentUri: (recordingId) => {
      const path = `${accountPath(account)}/recording/${recordingId}/content`
      const { media } = origins()
      return typeof contentUri === "function"
        ? contentUri({ recordingId, account, contentUri: `${media}${path}` })
        : `${spelled(contentUri, media)}${path}`
    },
    messageContentUri: (extensionId, messageId, attachmentId) => {
      const path = `/extension/${extensionId}/message-store/${messageId}/content/${attachmentId}`
      const how = typeof contentUri === "function" ? "media" : contentUri
      return `${spelled(how, origins().media)}${accountPath(account)}${path}`
    }
  }
}
