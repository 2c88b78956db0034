/** The working folder of the main job: what an earlier run of it made is removed, and nothing else. */
import { existsSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** What the main job makes. */
export const made = { configuration: "callreel.json", archive: "archive", bag: "bag" } as const

/** The configuration that an archive was made with, kept in the archive's own folder: it tells whose archive it is. */
const mark = join(made.archive, ".callreel", "main-job.json")

/**
 * Removes what an earlier run left, and writes the configuration. Fails where something of those names is there that is not
 * of this job: somebody's own configuration or archive.
 */
export const prepareFolder = async (configuration: string): Promise<void> => {
  const there = Object.values(made).filter((name) => existsSync(name))
  if (there.length > 0) {
    if (!(await isOfThisJob())) {
      throw new Error(`${there.join(", ")} in this folder: not made by this job. Move them away, or run it elsewhere`)
    }
    console.log(`removing what an earlier run left here: ${there.join(", ")}`)
  }
  await rm(made.bag, { recursive: true, force: true })
  await rm(made.configuration, { force: true })
  await rm(made.archive, { recursive: true, force: true })
  await mkdir(join(made.archive, ".callreel"), { recursive: true, mode: 0o700 })
  await writeFile(mark, configuration)
  await writeFile(made.configuration, configuration)
}

/** An archive with the mark, and no configuration but the one that it was made with. */
const isOfThisJob = async (): Promise<boolean> => {
  if (!existsSync(mark)) return false
  return (
    !existsSync(made.configuration) || (await readFile(made.configuration, "utf8")) === (await readFile(mark, "utf8"))
  )
}
