/** Lines of a bag's own files, by RFC 8493. Pure. */

/** `bagit.txt`. */
export const declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

/** A line of a manifest. Line breaks in a path, and the sign that escapes them, are written as `%0A`, `%0D` and `%25`. */
export const manifestLine = (hash: string, path: string): string => `${hash}  ${escapePath(path)}\n`

const escapePath = (path: string): string =>
  path.replaceAll(/[%\r\n]/g, (character) => encodeURIComponent(character).toUpperCase())

/** What a bag says of itself. */
export interface BagInfo {
  readonly sourceOrganization?: string
  readonly externalDescription: string
  /** Told as its day in UTC. */
  readonly baggedAt: Date
  /** Program and version. */
  readonly software: string
  /** Of the payload: how many bytes in how many files. */
  readonly bytes: number
  readonly files: number
}

/** `bag-info.txt`. A value is one line. */
export const bagInfo = (info: BagInfo): string =>
  [
    ...(info.sourceOrganization === undefined ? [] : [["Source-Organization", info.sourceOrganization]]),
    ["External-Description", info.externalDescription],
    ["Bagging-Date", info.baggedAt.toISOString().slice(0, 10)],
    ["Payload-Oxum", `${info.bytes}.${info.files}`],
    ["Bag-Software-Agent", info.software]
  ]
    .map(([label = "", value = ""]) => `${label}: ${value.replaceAll(/\s+/g, " ").trim()}\n`)
    .join("")
