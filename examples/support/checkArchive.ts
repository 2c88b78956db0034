/** Compares an archive with what the simulators know to be true. Each check gives what is wrong, a line each. */
import { addsUp, type Proof } from "@callreel/archive"
import { Schema } from "effect"
import type { ArchivedFile } from "./archivedFiles.ts"
import type { Status } from "./interruptedSync.ts"
import type { SimulatedVendors, TrueRecording } from "./simulatedVendors.ts"

type Problems = ReadonlyArray<string>

const keyOf = ({ id, source }: { readonly source: string; readonly id: string }): string => `${source} ${id}`

/** Everything that can be had is archived once, with the vendor's bytes, and nothing else is. */
export const checkFiles = (files: ReadonlyArray<ArchivedFile>, truth: ReadonlyArray<TrueRecording>): Problems => {
  const byKey = Map.groupBy(files, keyOf)
  const available = truth.filter(({ isAvailable }) => isAvailable)
  const expected = new Set(available.map(keyOf))
  return [
    ...available.flatMap((recording) => {
      const [file, ...more] = byKey.get(keyOf(recording)) ?? []
      if (file === undefined) return [`${keyOf(recording)} is not archived`]
      if (more.length > 0) return [`${keyOf(recording)} is archived ${more.length + 1} times`]
      return file.sha512 === recording.sha512() ? [] : [`${file.path}: not the vendor's bytes`]
    }),
    ...files.filter((file) => !expected.has(keyOf(file))).map(({ path }) => `${path}: the vendor has no such audio`),
    ...files.filter(({ isDescribed }) => !isDescribed).map(({ path }) => `${path}: the sidecar describes another file`)
  ]
}

const Line = Schema.fromJsonString(
  Schema.Struct({
    source: Schema.String,
    id: Schema.String,
    archive: Schema.Struct({ state: Schema.String, reason: Schema.optionalKey(Schema.String) })
  })
)

/** What `export --ndjson` says of each recording: archived where it can be had, else unavailable with a reason. */
export const checkStates = (ndjson: string, truth: ReadonlyArray<TrueRecording>): Problems => {
  const known = new Map(truth.map((recording) => [keyOf(recording), recording]))
  const lines = ndjson.split("\n").slice(0, -1)
  return lines.flatMap((text) => {
    const { archive, ...key } = Schema.decodeUnknownSync(Line)(text)
    const isTrue = known.get(keyOf(key))?.isAvailable
      ? archive.state === "archived"
      : archive.state === "unavailable" && archive.reason !== undefined
    return isTrue ? [] : [`${keyOf(key)} is told to be ${archive.state} ${archive.reason ?? ""}`]
  })
}

/** Requests to a vendor since the kill that name a recording whose audio stood in the archive by then. */
export const checkFetchedOnce = (
  files: ReadonlyArray<ArchivedFile>,
  since: Readonly<Record<string, number>>,
  requests: SimulatedVendors["requests"]
): Problems => {
  const archived = new Set(files.map((file) => keyOf(file).toLowerCase()))
  return Object.entries(requests).flatMap(([source, entries]) =>
    entries
      .slice(since[source])
      .filter(({ path }) =>
        path.split("/").some((id) => archived.has(keyOf({ source, id: decodeURIComponent(id) }).toLowerCase()))
      )
      .map(({ path }) => `${source} was asked again for what was archived: ${path}`)
  )
}

type StatusOf = typeof Status.Type

/** The ledger's figures agree with the files, and add up. */
export const checkFigures = (status: StatusOf, files: ReadonlyArray<ArchivedFile>): Problems => [
  ...[status, ...status.sources].flatMap(({ archived, failed, listed, pending, unavailable }) => {
    const unavailableInAll = sumOf(Object.values(unavailable))
    return listed === archived + unavailableInAll + pending + failed && pending + failed === 0
      ? []
      : [
          `${listed} listed: ${archived} archived, ${unavailableInAll} unavailable, ${pending} pending, ${failed} failed`
        ]
  }),
  ...(status.archived === files.length ? [] : [`status tells ${status.archived} archived, there are ${files.length}`]),
  ...(status.bytes === sumOf(files.map(({ bytes }) => bytes)) ? [] : [`status tells ${status.bytes} bytes`])
]

/** A proof says what the status says of its source, and adds up. */
export const checkProof = (proof: Proof, { sources }: StatusOf): Problems => {
  const status = sources.find(({ source }) => source === proof.source)
  const isSame = status?.listed === proof.listed && status.archived === proof.archived && status.bytes === proof.bytes
  return [
    ...(isSame ? [] : [`the proof of ${proof.source} and callreel status differ`]),
    ...(addsUp(proof) ? [] : [`the proof of ${proof.source} does not add up`])
  ]
}

/** The bag holds the archive's audio, unchanged. */
export const checkPayload = (payload: ReadonlyMap<string, string>, files: ReadonlyArray<ArchivedFile>): Problems => [
  ...(payload.size === 2 * files.length ? [] : [`the bag has ${payload.size} files, not an audio and a vCon of each`]),
  ...files.filter(({ path, sha512 }) => payload.get(path) !== sha512).map(({ path }) => `the bag's ${path} is another`)
]

const sumOf = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, number) => sum + number, 0)
