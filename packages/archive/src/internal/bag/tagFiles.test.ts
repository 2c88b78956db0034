import { describe, expect, it } from "vitest"
import { bagInfo, declaration, manifestLine } from "./tagFiles.ts"

describe("manifestLine", () => {
  it.each([
    ["data/us/2026/03/01/a.mp3", "data/us/2026/03/01/a.mp3"],
    ["data/with space é.mp3", "data/with space é.mp3"],
    ["data/100%.mp3", "data/100%25.mp3"],
    ["data/%0A.mp3", "data/%250A.mp3"],
    ["data/a\nb\rc\r\nd.mp3", "data/a%0Ab%0Dc%0D%0Ad.mp3"]
  ])("writes %j as %s", (path, written) => {
    expect(manifestLine("00ff", path)).toBe(`00ff  ${written}\n`)
  })
})

describe("bagInfo", () => {
  const info = {
    externalDescription: "3 call recordings",
    baggedAt: new Date("2026-03-01T23:59:59.999Z"),
    software: "callreel 0.1.0",
    bytes: 1234,
    files: 6
  }

  it("says what the bag is, when it was made, and how much is in it", () => {
    expect(bagInfo(info)).toBe(
      "External-Description: 3 call recordings\n" +
        "Bagging-Date: 2026-03-01\n" +
        "Payload-Oxum: 1234.6\n" +
        "Bag-Software-Agent: callreel 0.1.0\n"
    )
  })

  it("names an organization only where there is one, and keeps it to its line", () => {
    expect(bagInfo({ ...info, sourceOrganization: " Acme\r\nPayload-Oxum: 0.0 " })).toMatch(
      /^Source-Organization: Acme Payload-Oxum: 0\.0\nExternal-Description: /
    )
  })
})

describe("declaration", () => {
  it("is the two lines that the standard demands", () => {
    expect(declaration.split("\n")).toEqual(["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8", ""])
  })
})
