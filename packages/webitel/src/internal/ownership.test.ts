import { describe, expect, it } from "@effect/vitest"
import { missingLegs, ownedFiles, topOf } from "./ownership.ts"
import type { CallFile, HistoryCall } from "./wire.ts"

const file = (id: string, startRecord?: string): CallFile => ({
  id,
  mime_type: "audio/mpeg",
  ...(startRecord !== undefined && { start_record: startRecord })
})
const legsOf = (...rows: ReadonlyArray<HistoryCall>) => new Map(rows.map((row) => [row.id, row]))
const owners = (...rows: ReadonlyArray<HistoryCall>) =>
  ownedFiles(rows, legsOf(...rows)).map(({ file: { id }, owner }) => `${id} of ${owner.id}`)

describe("ownedFiles", () => {
  it.each([
    ["the leg that says who began it", "client", "", ["1 of root"]],
    ["the parent, where nothing says so", undefined, undefined, ["1 of root"]],
    ["the parent, where it is said in empty words", "", "", ["1 of root"]]
  ])("belong to %s", (_, atRoot, atChild, expected) => {
    const root: HistoryCall = { id: "root", files: [file("1", atRoot)] }
    const child: HistoryCall = { id: "child", parent_id: "root", files: [file("1", atChild)] }
    expect(owners(root, child)).toEqual(expected)
    expect(owners(child, root)).toEqual(expected)
    const [owned] = ownedFiles([root, child], legsOf(root, child))
    expect(owned?.legIds).toEqual(["root", "child"])
  })

  it("belong to a child that has its own beside its parent's", () => {
    const root: HistoryCall = { id: "root", files: [file("1")] }
    const child: HistoryCall = { id: "child", parent_id: "root", files: [file("2"), file("1")] }
    expect(owners(root, child).toSorted()).toEqual(["1 of root", "2 of child"])
  })

  it("belong to a child whose parent the history does not have", () => {
    expect(owners({ id: "child", parent_id: "gone", files: [file("1")] })).toEqual(["1 of child"])
  })

  it("know the person by the leg that the recorded one was connected with", () => {
    const root: HistoryCall = { id: "root", bridged_id: "agent", user: null, files: [file("1")] }
    const agent: HistoryCall = { id: "agent", parent_id: "root", user: { id: "7", name: "Agent" } }
    expect([...missingLegs([root], legsOf(root))]).toEqual(["agent"])
    expect(ownedFiles([root], legsOf(root, agent))[0]?.agent).toBe(agent)
    const own = { ...root, user: { id: "8" } }
    expect([...missingLegs([own], legsOf(own))]).toEqual([])
    expect(ownedFiles([own], legsOf(own, agent))[0]?.agent).toBe(own)
  })
})

describe("topOf", () => {
  it("is the leg without a parent, as far as is known, also where legs run in a ring", () => {
    const rows = legsOf({ id: "a", parent_id: "b" }, { id: "b", parent_id: "c" }, { id: "c", parent_id: "unknown" })
    expect(topOf(rows.get("a") ?? { id: "" }, rows).id).toBe("c")
    const ring = legsOf({ id: "a", parent_id: "b" }, { id: "b", parent_id: "a" })
    expect(ring.has(topOf(ring.get("a") ?? { id: "" }, ring).id)).toBe(true)
    expect([...missingLegs(ring.values(), ring)]).toEqual([])
  })
})
