import { Effect, Stream } from "effect"
import type { Archive } from "./Archive.ts"
import { ArchiveError } from "./ArchiveError.ts"
import type { ArchivedFile, Entry } from "./Entry.ts"
import { recordingOf } from "./internal/found.ts"
import { sidecarOf } from "./internal/layout.ts"
import { lost } from "./internal/state.ts"
import { sidecarBytes } from "./internal/sync/storeAudio.ts"
import { checkFile } from "./internal/verify/checkFile.ts"
import { isSampled, type Sample } from "./internal/verify/isSampled.ts"
import { PathSet } from "./internal/verify/PathSet.ts"
import { readSidecar } from "./internal/verify/readSidecar.ts"

export type { Sample } from "./internal/verify/isSampled.ts"

/** What is to be verified, and what is to be done about what is wrong. */
export interface VerifyOptions extends Archive {
  /** Default all. */
  readonly sources?: ReadonlyArray<string>
  /** Only a part of the recordings. */
  readonly sample?: Sample
  /** Only what was archived at this instant or later. */
  readonly since?: Date
  /** Sets what is missing or changed to be fetched again by the next run, and writes sidecars anew. */
  readonly repair?: boolean
  /** Told in the ledger as the instant of verification. */
  readonly now: Date
}

/**
 * What is wrong with a file. `missing`, `size` and `checksum` are about the audio, `sidecar` about the vCon beside it;
 * `extra` is a file of which the ledger knows nothing, and so nobody's.
 */
export interface VerifyProblem {
  readonly source?: string
  readonly id?: string
  readonly path: string
  readonly problem: "missing" | "size" | "checksum" | "sidecar" | "extra"
  readonly expected: string
  readonly actual: string
}

/** How many recordings were read, and with how many of them nothing is wrong; extra files are problems only. */
export interface VerifySummary {
  readonly checked: number
  readonly good: number
  readonly problems: number
}

/** What comes out of a verification: problems as they are found, and once, at the end, the summary. */
export type VerifyResult =
  | { readonly result: "problem"; readonly problem: VerifyProblem }
  | { readonly result: "summary"; readonly summary: VerifySummary }

/** Files read at the same time. */
const concurrency = 4

/**
 * Reads archived files again, and the sidecars beside them, and compares them with the ledger; notes there which ones were
 * found good. A run over everything also finds files that do not belong to any recording.
 *
 * Holds the archive: fails with `Locked` while another process writes to it, and with `Destination` where it cannot be read,
 * which says nothing of any recording. Memory does not grow with the number of problems, and by 16 to 32 bytes a recording.
 */
export const verifyArchive = (options: VerifyOptions): Stream.Stream<VerifyResult, ArchiveError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      yield* checkSample(options.sample)
      yield* options.ledger.lock
      const known = new PathSet()
      let checked = 0
      let good = 0
      let problems = 0
      const ofEntries = entriesOf(options).pipe(
        Stream.tap(({ file }) => Effect.sync(() => addPaths(known, file))),
        Stream.filter((entry) => isWanted(entry, options)),
        Stream.mapEffect((entry) => verifyEntry(entry, options), { concurrency }),
        Stream.tap((found) =>
          Effect.sync(() => {
            checked += 1
            if (found.length === 0) good += 1
          })
        ),
        Stream.flattenIterable
      )
      const isWhole = options.sample === undefined && options.since === undefined && options.sources === undefined
      const found = isWhole ? Stream.concat(ofEntries, extraFiles(options, known)) : ofEntries
      return Stream.concat(
        Stream.map(found, (problem): VerifyResult => {
          problems += 1
          return { result: "problem", problem }
        }),
        Stream.sync((): VerifyResult => ({ result: "summary", summary: { checked, good, problems } }))
      )
    })
  )

const checkSample = (sample: Sample | undefined): Effect.Effect<void, ArchiveError> =>
  sample === undefined || (sample.fraction >= 0 && sample.fraction <= 1)
    ? Effect.void
    : Effect.fail(new ArchiveError({ reason: "InvalidQuery", detail: "a sample is a part from 0 to 1 (0 % to 100 %)" }))

const entriesOf = ({ ledger, sources }: VerifyOptions): Stream.Stream<Entry, ArchiveError> =>
  sources === undefined
    ? Stream.flattenIterable(ledger.entries({ states: ["archived"] }))
    : Stream.flatMap(Stream.fromIterable(new Set(sources)), (source) =>
        Stream.flattenIterable(ledger.entries({ source, states: ["archived"] }))
      )

const addPaths = (known: PathSet, file: ArchivedFile | undefined): void => {
  if (file === undefined) return
  known.add(file.path)
  known.add(sidecarOf(file.path))
}

const isWanted = (entry: Entry, { sample, since }: VerifyOptions): boolean =>
  (sample === undefined || isSampled(entry, sample)) &&
  (since === undefined || (entry.file !== undefined && entry.file.archivedAt >= since))

const verifyEntry = (entry: Entry, options: VerifyOptions): Effect.Effect<ReadonlyArray<VerifyProblem>, ArchiveError> =>
  Effect.gen(function* () {
    const { destination, ledger, now, repair = false } = options
    const { file, id, source } = entry
    if (file === undefined) {
      return yield* new ArchiveError({ reason: "Ledger", detail: `the ledger's record of ${source}:${id} is damaged` })
    }
    const problem = yield* checkFile(destination, file)
    const sidecar = yield* readSidecar(destination, entry, file)
    if (problem !== undefined && repair) yield* ledger.put(lost(entry, now))
    if (problem === undefined && sidecar.difference !== undefined && repair) yield* rewriteSidecar(entry, file, options)
    if (problem === undefined && sidecar.difference === undefined) {
      yield* ledger.put({ ...entry, file: { ...file, verifiedAt: now } })
    }
    return [
      ...(problem === undefined ? [] : [{ source, id, path: file.path, ...problem }]),
      ...(sidecar.difference === undefined
        ? []
        : [{ source, id, path: sidecar.path, problem: "sidecar" as const, ...sidecar.difference }])
    ]
  })

/** The ledger has all that a sidecar is made of. Secrets in the vendor's object were masked before it came there. */
const rewriteSidecar = (entry: Entry, file: ArchivedFile, { destination }: VerifyOptions) =>
  Effect.flatMap(recordingOf(entry), (recording) =>
    destination.put(sidecarOf(file.path), sidecarBytes({ maskRaw: (raw) => raw }, recording, file), "application/vcon")
  )

/** Proofs are nobody's recording. */
const isProof = (path: string): boolean => path.startsWith("proofs/")

const extraFiles = ({ destination }: VerifyOptions, known: PathSet): Stream.Stream<VerifyProblem, ArchiveError> =>
  destination.list("").pipe(
    Stream.flattenIterable,
    Stream.filter(({ path }) => !isProof(path) && !known.has(path)),
    Stream.map(({ bytes, path }) => ({ path, problem: "extra", expected: "no file", actual: `${bytes} bytes` }))
  )
