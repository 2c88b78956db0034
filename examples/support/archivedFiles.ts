/** Reads an archive's folder without any of callreel's code: what stands there, by node:fs and node:crypto. */
import { Schema } from "effect"
import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join, relative, sep } from "node:path"

/** An audio file, and the recording that its sidecar says it is of. */
export interface ArchivedFile {
  readonly source: string
  readonly id: string
  /** In the archive, with `/`. */
  readonly path: string
  readonly bytes: number
  readonly sha512: string
  /** The sidecar names this file and its hash. */
  readonly isDescribed: boolean
}

const Sidecar = Schema.fromJsonString(
  Schema.Struct({
    dialog: Schema.Tuple([Schema.Struct({ filename: Schema.String, content_hash: Schema.String })]),
    attachments: Schema.Tuple([Schema.Struct({ body: Schema.Struct({ source: Schema.String, id: Schema.String }) })])
  })
)

/** All files below a folder, with `/`; none where there is no folder. */
export const filesIn = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .toSorted()
  } catch {
    return []
  }
}

const isAudio = (path: string): boolean => /\.(mp3|wav|ogg)$/.test(path)

/** How many audio files each source has. */
export const countAudio = (archive: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const path of filesIn(archive).filter(isAudio)) {
    const [source = ""] = path.split("/")
    counts.set(source, (counts.get(source) ?? 0) + 1)
  }
  return counts
}

/** Every audio file of the archive, read through. Fails where one has no sidecar. */
export const archivedFiles = async (archive: string): Promise<ReadonlyArray<ArchivedFile>> => {
  const found: Array<ArchivedFile> = []
  for (const path of filesIn(archive).filter(isAudio)) {
    const audio = await readFile(join(archive, path))
    const text = await readFile(join(archive, path.replace(/\.\w+$/, ".vcon.json")), "utf8")
    const { attachments, dialog } = Schema.decodeUnknownSync(Sidecar)(text)
    const { id, source } = attachments[0].body
    const [described] = dialog
    const digest = createHash("sha512").update(audio).digest()
    found.push({
      source,
      id,
      path,
      bytes: audio.length,
      sha512: digest.toString("hex"),
      isDescribed:
        described.filename === path.split("/").at(-1) &&
        described.content_hash === `sha512-${digest.toString("base64url")}`
    })
  }
  return found
}
