/**
 * Where the files of a recording stand in the archive: `<source>/<yyyy>/<mm>/<dd>/<start>_<direction>_<id>.<ext>` and,
 * beside it, its sidecar. Pure.
 *
 * The laws: the same facts, the same path; another source or id, another path and another sidecar; no path leaves the
 * archive or is longer than file systems and object stores allow. They hold because the source is the first folder, names
 * of ids are told apart by `fileNameOf`, and the id is in the file's name between parts that are never ambiguous. Ids that
 * differ in nothing but case, within one second of one direction, share a name where the file system tells no case apart:
 * vendors write theirs in one case.
 */
import { fileExtensionOf, safeFileName, type Recording } from "@callreel/recording"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { ArchiveError } from "../ArchiveError.ts"

/** What a path is made of: a Recording has it. */
export type PathFacts = Pick<Recording, "source" | "id" | "startedAt" | "call">

/** Where files stand. Paths are relative to the archive, with `/`. */
export interface Layout {
  /** Of the audio. Goes by the call's start in UTC, else by the recording's own. */
  readonly pathOf: (facts: PathFacts, mediaType: string) => string
  /** Of the sidecar, which does not depend on the media type. */
  readonly sidecarPathOf: (facts: PathFacts) => string
}

/** The template that is used where none is configured. */
export const defaultTemplate = "{source}/{yyyy}/{mm}/{dd}/{start}_{direction}_{id}.{ext}"

/** Recordings without a known start, whatever the template: there is no date to put them under. */
const undatedTemplate = "{source}/undated/{direction}_{id}.{ext}"

/** Longest that a placeholder becomes, in bytes. All of it is ASCII. */
const placeholders = {
  source: 120,
  yyyy: 4,
  mm: 2,
  dd: 2,
  start: 16,
  direction: 8,
  id: 120,
  ext: 9 // "vcon.json"
} as const satisfies Readonly<Record<string, number>>

type Placeholder = keyof typeof placeholders
type Values = Readonly<Record<Placeholder, string>>

const longestName = 255
const longestPath = 900 // Object stores take keys of 1024 bytes, and an archive may have a prefix.

/**
 * The layout by a template such as {@link defaultTemplate}.
 *
 * A template begins with `{source}/`, has `{id}` once, in the file's name, and ends with `.{ext}`. Between them may be
 * `{yyyy}`, `{mm}`, `{dd}`, `{start}` (`20260301T101500Z`), `{direction}`, and letters, digits, `.`, `_`, `-` and `=`.
 * Recordings without a start are always `<source>/undated/<direction>_<id>.<ext>`.
 *
 * Fails with `InvalidOptions`, naming the part that is wrong.
 */
export const makeLayout = (template: string = defaultTemplate): Effect.Effect<Layout, ArchiveError> => {
  const problem = problemOf(template)
  return problem === undefined
    ? Effect.succeed(layoutOf(template))
    : Effect.fail(
        new ArchiveError({
          reason: "InvalidOptions",
          detail: `archive.template: ${problem}`,
          remedy: `write one like ${defaultTemplate}`
        })
      )
}

const layoutOf = (template: string): Layout => {
  const pathOf = (facts: PathFacts, extension: string): string => {
    const start = basicTimeOf(facts.call?.startedAt ?? facts.startedAt)
    return render(start === undefined ? undatedTemplate : template, {
      source: folderNameOf(facts.source),
      yyyy: start?.slice(0, 4) ?? "",
      mm: start?.slice(4, 6) ?? "",
      dd: start?.slice(6, 8) ?? "",
      start: start ?? "",
      direction: facts.call?.direction ?? "unknown",
      id: fileNameOf(facts.id),
      ext: extension
    })
  }
  return {
    pathOf: (facts, mediaType) => pathOf(facts, fileExtensionOf(mediaType)),
    sidecarPathOf: (facts) => pathOf(facts, sidecarExtension)
  }
}

const sidecarExtension = "vcon.json"

/** The sidecar of an audio file: the same name with another extension, one that no audio has. */
export const sidecarOf = (path: string): string => `${path.slice(0, path.lastIndexOf("."))}.${sidecarExtension}`

/** `20260301T101500Z`; undefined for what is no instant of the years 0000 to 9999. */
const basicTimeOf = (instant: Date | undefined): string | undefined => {
  if (instant === undefined || Number.isNaN(instant.getTime())) return undefined
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(instant.toISOString()) ?? []
  return date === undefined || time === undefined ? undefined : `${date}T${time}Z`.replaceAll(/[-:]/g, "")
}

/**
 * The name of an id: a plain one is its own. Of a long one only the beginning fits: it ends in a fingerprint, `_x` and 16
 * hexadecimal digits, which no other safe name can have.
 */
const fileNameOf = (id: string): string => {
  const safe = safeFileName(id)
  if (safe.length <= longestPlainName) return safe
  // UTF-16, because two halves of different surrogate pairs are the same in UTF-8.
  const fingerprint = createHash("sha256").update(id, "utf16le").digest("hex").slice(0, 16)
  return `${safe.slice(0, longestPlainName)}_x${fingerprint}`
}

const longestPlainName = 100

/** The folder of a source; `proofs` is the archive's own. */
const folderNameOf = (source: string): string => (source === "proofs" ? "_70roofs" : fileNameOf(source))

const token = /\{([^{}]*)\}/g

const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(placeholders, name)

const render = (template: string, values: Values): string =>
  template.replaceAll(token, (text, name: string) => (isPlaceholder(name) ? values[name] : text))

/** What is wrong with a template; undefined where nothing is. */
const problemOf = (template: string): string | undefined => {
  const names = [...template.matchAll(token)].map(([, name = ""]) => name)
  const known = Object.keys(placeholders).map((name) => `{${name}}`)
  const unknown = names.find((name) => !isPlaceholder(name))
  if (unknown !== undefined) return `there is no placeholder {${unknown}}, only ${known.join(" ")}`
  if (/[{}]/.test(template.replaceAll(token, ""))) return "a brace does not belong to a placeholder"
  if (template.startsWith("/")) return "it begins with /, and paths are relative to the archive"
  const segments = template.split("/")
  const bad = segments.find((segment) => !isNameable(segment))
  if (bad !== undefined) {
    return bad === ""
      ? "a folder has no name (two / in a row, or one at the end)"
      : `"${bad}" is not a name that every file system takes: letters, digits, . _ - = and placeholders, no dot at its ends`
  }
  return problemOfOrder(segments)
}

const problemOfOrder = (segments: ReadonlyArray<string>): string | undefined => {
  const [first, ...rest] = segments
  const file = rest.at(-1) ?? ""
  const text = segments.join("/")
  if (first !== "{source}" || rest.length === 0) return "it must begin with {source}/, so that sources stay apart"
  if (text.split("{id}").length !== 2 || !file.includes("{id}")) return "{id} must stand in the file's name, once"
  if (text.split("{ext}").length !== 2 || !file.endsWith(".{ext}")) return "it must end with .{ext}"
  if (rest.some((segment) => segment.toLowerCase() === "undated")) {
    return '"undated" is the folder of recordings without a start'
  }
  const long = segments.find((segment) => longestOf(segment) > longestName)
  if (long !== undefined) return `"${long}" may become longer than ${longestName} bytes`
  return longestOf(text) > longestPath ? `the path may become longer than ${longestPath} bytes` : undefined
}

/** Whether a name, whatever is in its placeholders, is one that file systems take; `0` stands for a value. */
const isNameable = (segment: string): boolean => {
  const sample = segment.replaceAll(token, "0").replaceAll(/[_=]/g, "-")
  const [stem = ""] = sample.split(".")
  // Devices of Windows (`con`, `aux.mp3`) are what `safeFileName` changes in a name without any other character.
  const isDevice = stem.length <= longestPlainName && safeFileName(stem) !== stem
  return /^[A-Za-z0-9-](?:[A-Za-z0-9.-]*[A-Za-z0-9-])?$/.test(sample) && !isDevice
}

const longestOf = (text: string): number =>
  text.replaceAll(token, (_, name: string) => "0".repeat(isPlaceholder(name) ? placeholders[name] : 0)).length
