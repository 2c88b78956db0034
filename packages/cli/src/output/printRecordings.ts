import type { Recording, RecordingError, RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import { Invocation } from "../Invocation.ts"
import { root } from "../root.ts"
import { jsonLine, recordingForm } from "./forms.ts"
import { Output } from "./Output.ts"
import { recordingColumns } from "./recordingTable.ts"
import type { LaidOutColumn } from "./table.ts"

/**
 * Prints recordings as they come, page by page: NDJSON with `--json`, else a table whose columns are laid out for the
 * first page. What came before an error is printed.
 */
export const printRecordings = Effect.fnUntraced(function* (
  recordings: Stream.Stream<Recording, RecordingError>,
  sources: ReadonlyArray<RecordingSource>
) {
  const { json } = yield* root
  const { note, print } = yield* Output
  const { columns, isTerminal } = yield* Invocation
  if (json) {
    const byName = new Map(sources.map((source) => [source.name, source]))
    const form = (recording: Recording) => {
      const source = byName.get(recording.source)
      // A recording that no source owns has nobody to say what in it is secret.
      return recordingForm(recording, source ?? { maskRaw: () => ({}) })
    }
    return yield* Stream.runForEachArray(recordings, (page) => print(page.map((row) => jsonLine(form(row))).join("")))
  }
  // Loaded here: what measures the width of letters takes long to load, and programs read no table.
  const { headerLine, layOut, rowLine } = yield* Effect.promise(() => import("./table.ts"))
  let layout: ReadonlyArray<LaidOutColumn<Recording>> | undefined
  yield* Stream.runForEachArray(recordings, (page) => {
    const header = layout === undefined
    layout ??= layOut(recordingColumns(sources.length > 1), page, isTerminal.stdout ? columns : undefined)
    const laidOut = layout
    const rows = page.map((recording) => rowLine(laidOut, recording, isTerminal.stdout)).join("")
    return print(header ? headerLine(laidOut) + rows : rows)
  })
  if (layout === undefined) yield* note("no recordings\n")
})
