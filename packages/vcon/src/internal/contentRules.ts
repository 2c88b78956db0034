import type { ContentHash, Vcon, VconContent } from "../Vcon.ts"
import { parseContentHash } from "./contentHash.ts"
import { checkDate, type Problem, requireMembers, unless } from "./problem.ts"

/** Files of a vCon, inside it and elsewhere, and the documents that carry them. */
export const contentProblems = (vcon: Vcon): ReadonlyArray<Problem> => [
  ...(vcon.dialog ?? []).flatMap((dialog, index) => [
    ...fileProblems(dialog, `dialog[${index}]`),
    ...unless(
      dialog.body === undefined || dialog.mediatype !== undefined,
      "mediatype",
      `dialog[${index}].mediatype`,
      "is missing beside a body"
    )
  ]),
  ...(vcon.attachments ?? []).flatMap((attachment, index) => [
    ...requireMembers(attachment, `attachments[${index}]`, ["start", "party", "dialog"]),
    ...checkDate(attachment.start, `attachments[${index}].start`),
    ...fileProblems(attachment, `attachments[${index}]`)
  ]),
  ...(vcon.analysis ?? []).flatMap((analysis, index) => [
    ...requireMembers(analysis, `analysis[${index}]`, ["type", "vendor"]),
    ...fileProblems(analysis, `analysis[${index}]`)
  ])
]

const fileProblems = (file: VconContent, path: string): ReadonlyArray<Problem> => [
  ...checkUrl(file, path),
  ...checkHash(file.content_hash, `${path}.content_hash`),
  ...checkBody(file, path),
  ...unless(
    file.mediatype === undefined || /^[^\s/;]+\/[^\s/;]+\s*(?:;|$)/.test(file.mediatype),
    "mediatype",
    `${path}.mediatype`,
    "is not of the form type/subtype"
  )
]

/** What is elsewhere is fetched over HTTPS, and may not have been changed there. */
export const checkUrl = (
  { content_hash, url }: Pick<VconContent, "content_hash" | "url">,
  path: string
): ReadonlyArray<Problem> =>
  url === undefined
    ? []
    : [
        ...unless(URL.parse(url)?.protocol === "https:", "url", `${path}.url`, "is no HTTPS URL"),
        ...unless(content_hash !== undefined, "content-hash", `${path}.content_hash`, "is missing beside a url")
      ]

export const checkHash = (hash: ContentHash | undefined, path: string): ReadonlyArray<Problem> =>
  hash === undefined
    ? []
    : [
        ...unless(hash.length > 0, "content-hash", path, "has no hash"),
        ...[hash]
          .flat()
          .flatMap((token, index) =>
            unless(
              parseContentHash(token).digest !== undefined,
              "content-hash",
              typeof hash === "string" ? path : `${path}[${index}]`,
              "is not an algorithm's name, a hyphen, and a hash of its length in unpadded base64url"
            )
          )
      ]

const textEncodings = ["base64url", "none"]

const checkBody = ({ body, encoding }: VconContent, path: string): ReadonlyArray<Problem> => {
  const place = `${path}.encoding`
  if (encoding === undefined) {
    return unless(body === undefined || body === "", "encoding", place, "is missing beside a body")
  }
  return [
    ...unless([...textEncodings, "json"].includes(encoding), "encoding", place, "is not base64url, json or none"),
    ...unless(
      body === undefined || typeof body === "string" || !textEncodings.includes(encoding),
      "encoding",
      `${path}.body`,
      "is not text, which its encoding wants"
    ),
    ...unless(
      typeof body !== "string" || encoding !== "base64url" || /^[\w-]*$/.test(body),
      "encoding",
      `${path}.body`,
      "is not unpadded base64url"
    )
  ]
}
