/**
 * Started by the benchmark of growth: a sync of so many recordings without audio into an archive, new or not. Tells what
 * it took, and the most memory that was resident.
 */
import { makeLayout, openArchive, syncArchive } from "@callreel/archive"
import { Effect } from "effect"
import { generatedSource } from "./generatedSource.ts"
import { mostResident } from "./mostResident.ts"

const [folder = "", count = "0"] = process.argv.slice(2)

const sync = (place: string, recordings: number) =>
  Effect.gen(function* () {
    const begun = performance.now()
    const archive = yield* openArchive({ url: `file:${place}` })
    const layout = yield* makeLayout()
    const source = generatedSource(recordings)
    const { listed } = yield* syncArchive(archive, [{ source }], { layout, tool: "bench" })
    return { listed, seconds: (performance.now() - begun) / 1000 }
  }).pipe(Effect.scoped, Effect.runPromise)

// What is loaded and compiled once belongs to no recording.
await sync(`${folder}/warm-${process.pid}`, 2_000)
const { listed, seconds } = await sync(`${folder}/archive`, Number(count))
process.send?.({ listed, seconds, mebibytes: mostResident() })
