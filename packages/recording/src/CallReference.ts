/**
 * One call, to find its recordings: by any id the vendor gives calls, or by an event payload of the vendor.
 *
 * `event` is the payload as it came: the decoded JSON, or the text of a form body or query string.
 */
export type CallReference =
  | { readonly id: string; readonly startedAt?: Date; readonly endedAt?: Date }
  | { readonly event: unknown }
