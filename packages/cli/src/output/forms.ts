/** The JSON that each command prints, one object a line. Pure. */
import {
  Recording,
  type RecordingJson,
  type RecordingLink,
  type RecordingSource,
  type RecordingStats,
  type SourceCheck,
  type TimeWindow
} from "@callreel/recording"

/** A value as one line of NDJSON. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`

/** A recording as it may be printed: link secrets in the vendor's object are masked. */
export const recordingForm = (recording: Recording, source: Pick<RecordingSource, "maskRaw">): RecordingJson =>
  Recording.encode({ ...recording, raw: source.maskRaw(recording.raw) })

/** A source, what it can do, and what its check found. */
export const sourceForm = ({ capability, name, provider }: RecordingSource, check?: SourceCheck) => ({
  source: name,
  provider,
  capability,
  ...(check === undefined ? {} : { check })
})

/** The vendor's figures for a window. */
export const statsForm = (source: string, { from, to }: TimeWindow, { bytes, recordings }: RecordingStats) => ({
  source,
  from: from.toISOString(),
  to: to.toISOString(),
  recordings,
  bytes
})

/** The address of a recording. */
export const linkForm = (source: string, id: string, link: RecordingLink) => ({
  source,
  id,
  url: link.url,
  authentication: link.authentication,
  permanent: link.permanent,
  ...(link.expiresAt === undefined ? {} : { expiresAt: link.expiresAt.toISOString() })
})

/** A recording deleted at the vendor. */
export const removeForm = (source: string, id: string) => ({ source, id, removed: true as const })

/** An archive asked for. */
export const archiveRequestForm = (source: string, { from, to }: TimeWindow, emails: ReadonlyArray<string>) => ({
  source,
  from: from.toISOString(),
  to: to.toISOString(),
  emails,
  accepted: true as const
})

/** A fetched file. */
export interface FetchedForm {
  readonly source: string
  readonly id: string
  /** The path as given or made; `-` for standard output. */
  readonly file: string
  readonly mediaType: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha512: string
}
