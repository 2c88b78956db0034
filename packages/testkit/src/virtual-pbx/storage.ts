/** The storage: a web server of its own that asks for no credentials and gives whatever a link hides. */
import { type Answer, htmlAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { audioAnswer } from "./files.ts"
import type { Records } from "./records.ts"
import { fileName, storagePath } from "./rows.ts"
import type { Settings } from "./settings.ts"
import { openPath } from "./storageLink.ts"

/** Answers `GET` and `HEAD` of a link: always the whole file, whatever Range says; pages of HTML where there is none. */
export const handleStorage = (settings: Settings, records: Records, { method, path }: SimulatorRequest): Answer => {
  if (settings.storage === false) return htmlAnswer(404)
  if (method !== "GET" && method !== "HEAD") return htmlAnswer(405)
  const opened = openPath(settings.storageKey, path.slice(1))
  const entry = opened === undefined ? undefined : records.findByPath(opened, (each) => storagePath(settings, each))
  if (entry === undefined) return htmlAnswer(404)
  const state = records.stateOf(entry)
  const storage = records.storageOf(entry)
  if (storage === "missing" || (state !== "available" && state !== "empty")) return htmlAnswer(404)
  // Which of the two depends on the record, so that it is the same each time.
  if (storage === "refused") return htmlAnswer(/^[0-7]/.test(entry.leg.id) ? 401 : 403)
  return audioAnswer(entry, {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="${fileName(entry)}"`
  })
}
