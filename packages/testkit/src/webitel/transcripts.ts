/** What was said in a recording, as the server's speech recognition or a client has written it. */
import { makeRandom } from "../simulator/Random.ts"
import type { FileEntry, FileIndex } from "./FileIndex.ts"
import { isObject } from "./Json.ts"

export interface Phrase {
  readonly start_sec: number
  readonly end_sec: number
  /** 0 is the left channel, 1 the right. */
  readonly channel: number
  readonly phrase: string
}

export interface Transcript {
  readonly id: string
  readonly file: FileEntry
  readonly locale: string
  readonly phrases: ReadonlyArray<Phrase>
}

const said = [
  "Добрий день, компанія Ромашка",
  "Good afternoon, how can I help you?",
  "Мені потрібна довідка про замовлення",
  "One moment, please",
  "Дякую, до побачення"
] as const

const phraseSeconds = 4

const phrasesOf = ({ file }: FileEntry): ReadonlyArray<Phrase> => {
  const random = makeRandom(`transcript of ${file.seed}`)
  return Array.from({ length: Math.max(1, Math.floor(file.durationSeconds / phraseSeconds)) }, (_, index) => ({
    start_sec: index * phraseSeconds,
    end_sec: index * phraseSeconds + 2.5,
    channel: index % 2,
    phrase: random.pick(said)
  }))
}

/** Whether the server wrote a transcript of a file by itself: of one recording in eight. */
const isTranscribed = ({ file }: FileEntry): boolean => file.kind === "audio" && /^[01]/.test(file.seed)

// The ids of the server's own are far from those of clients.
const ownId = ({ id }: FileEntry): string => `7${id}`

const isPhrase = (value: unknown): value is Phrase =>
  isObject(value) && typeof value["phrase"] === "string" && typeof value["start_sec"] === "number"

export interface Transcripts {
  readonly of: (file: FileEntry) => ReadonlyArray<Transcript>
  readonly find: (id: string) => Transcript | undefined
  /** Keeps a client's transcript in place of an earlier one of the same file and locale; its id. */
  readonly put: (file: FileEntry, locale: string, phrases: unknown) => string
}

/** The transcripts of the files. */
export const makeTranscripts = (files: FileIndex): Transcripts => {
  const written = new Map<string, Transcript>()
  return {
    of: (file) => {
      const own = isTranscribed(file) ? [{ id: ownId(file), file, locale: "uk-UA", phrases: phrasesOf(file) }] : []
      const theirs = Array.from(written.values()).filter((each) => each.file.id === file.id)
      return [...own.filter(({ locale }) => !theirs.some((each) => each.locale === locale)), ...theirs]
    },
    find: (id) => {
      const theirs = written.get(id)
      if (theirs !== undefined) return theirs
      const file = id.startsWith("7") ? files.find(id.slice(1)) : undefined
      if (file === undefined || !isTranscribed(file)) return undefined
      return { id, file, locale: "uk-UA", phrases: phrasesOf(file) }
    },
    put: (file, locale, phrases) => {
      const known = Array.from(written.values()).find((each) => each.file.id === file.id && each.locale === locale)
      const id = known?.id ?? String(900_000_000_001 + written.size)
      written.set(id, { id, file, locale, phrases: Array.isArray(phrases) ? phrases.filter(isPhrase) : [] })
      return id
    }
  }
}
