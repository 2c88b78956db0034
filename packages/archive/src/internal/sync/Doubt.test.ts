import { describe, expect, it } from "vitest"
import { Doubt } from "./Doubt.ts"

describe("Doubt", () => {
  it.each([
    ["the reported size is taken at once", 5, [[5, "a"]], [true]],
    ["any size is, where none was reported", undefined, [[7, "a"]], [true]],
    ["another size is not", 5, [[4, "a"]], [false]],
    [
      "another size is when the same bytes come again",
      5,
      [
        [4, "a"],
        [4, "a"]
      ],
      [false, true]
    ],
    [
      "other bytes of the same size are not",
      5,
      [
        [4, "a"],
        [4, "b"],
        [4, "b"]
      ],
      [false, false, true]
    ],
    [
      "what came once is not remembered past another answer",
      5,
      [
        [4, "a"],
        [3, "b"],
        [4, "a"]
      ],
      [false, false, false]
    ],
    [
      "the reported size is taken after others",
      5,
      [
        [4, "a"],
        [5, "c"]
      ],
      [false, true]
    ]
  ] as const)("%s", (_, reported, answers, expected) => {
    const doubt = new Doubt(reported)
    expect(answers.map(([bytes, sha512]) => doubt.isOver(bytes, sha512))).toEqual(expected)
  })
})
