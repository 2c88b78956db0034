import { describe, expect, it } from "@effect/vitest"
import { shareRuns } from "./shareRuns.ts"

/** Runs that end when they are told to. */
const controlled = () => {
  const runs: Array<{ readonly key: string; readonly end: () => void; readonly fail: (error: Error) => void }> = []
  const run = (key: string) =>
    new Promise<void>((resolve, reject) => {
      runs.push({ key, end: () => resolve(), fail: reject })
    })
  return { runs, share: shareRuns(run) }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe("shareRuns", () => {
  it("begins at once when nothing runs", () => {
    const { runs, share } = controlled()
    void share("a")
    expect(runs).toHaveLength(1)
  })

  it("gives all who ask during a run the next one, which begins after it", async () => {
    const { runs, share } = controlled()
    const done: Array<string> = []
    const all = [share("a").then(() => done.push("first"))]
    all.push(
      share("a").then(() => done.push("second")),
      share("a").then(() => done.push("third"))
    )
    expect(runs).toHaveLength(1)
    runs[0]?.end()
    await settle()
    expect(done).toEqual(["first"])
    expect(runs).toHaveLength(2)
    runs[1]?.end()
    await Promise.all(all)
    expect(done).toEqual(["first", "second", "third"])
    expect(runs).toHaveLength(2)
  })

  it("runs different keys side by side", () => {
    const { runs, share } = controlled()
    void share("a")
    void share("b")
    expect(runs.map(({ key }) => key)).toEqual(["a", "b"])
  })

  it("fails for those who shared the run, and not for those after it", async () => {
    const { runs, share } = controlled()
    const first = share("a")
    const second = share("a")
    runs[0]?.fail(new Error("full"))
    await expect(first).rejects.toThrow("full")
    await settle()
    runs[1]?.end()
    await expect(second).resolves.toBeUndefined()
    const third = share("a")
    runs[2]?.end()
    await expect(third).resolves.toBeUndefined()
  })
})
