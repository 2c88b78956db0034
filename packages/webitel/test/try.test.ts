import { startWebitel } from "@callreel/testkit/webitel"
import { Effect } from "effect"
import { expect, it } from "vitest"
import { databaseHistory } from "../src/internal/database.ts"
import { startDatabase } from "./databaseServer.ts"
it("tries", async () => {
  console.time("start"); const db = await startDatabase(); console.timeEnd("start")
  const webitel = await startWebitel({})
  console.time("load"); await db.load(webitel.dataSet()); console.timeEnd("load")
  const r = await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const api = yield* databaseHistory({ url: db.url(), domain: webitel.domain })
    const a = yield* api.history({ filter: { createdAt: { from: 0, to: Date.now() } }, page: 1, size: 500 })
    return a
  }).pipe(Effect.result)))
  console.dir(r, { depth: 3 })
  const items = r._tag === "Success" ? r.success.items : []
  console.dir(items?.slice(0, 3), { depth: 9 }); console.log(items?.length)
  await db.stop(); await webitel.close()
  expect(1).toBe(1)
}, 60000)
