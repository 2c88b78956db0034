import { describe, expect, it } from "vitest"
import { asRegion, sameNumber, toE164 } from "./PhoneNumber.ts"

const russia = asRegion("RU")
const states = asRegion("US")
const ukraine = asRegion("UA")

describe("toE164", () => {
  it.each([
    ["+74999610999", undefined, "+74999610999"],
    ["74999610999", russia, "+74999610999"],
    ["84999610999", russia, "+74999610999"],
    ["4999610999", russia, "+74999610999"],
    ["(415) 555-0100", states, "+14155550100"],
    ["0501234567", ukraine, "+380501234567"],
    ["380501234567", ukraine, "+380501234567"],
    // Claims to be E.164 and has a length its country allows, though the range is not handed out.
    ["+71112223344", undefined, "+71112223344"]
  ])("reads %s as %s → %s", (number, region, e164) => {
    expect(toE164(number, region)).toBe(e164)
  })

  it.each([
    ["without a plus and a region", "74999610999", undefined],
    ["an extension", "0541", russia],
    ["a prefix and an extension", "01874*0541", russia],
    ["a word", "anonymous", russia],
    ["a masked number", "+3351234XXXX", russia],
    ["an emergency number", "112", russia],
    ["another country's number without its plus", "16505550100", russia],
    ["a range nobody has, without a plus", "71112223344", russia],
    ["too many digits", "+749996109990000000", russia],
    ["nothing", "", russia]
  ])("is not certain of %s", (_, number, region) => {
    expect(toE164(number, region)).toBeUndefined()
  })

  it("reads a number by its region, whichever other it was read by before", () => {
    const number = "4155550100"
    const inTurn = [states, russia, states, undefined, russia].map((region) => toE164(number, region))
    expect(inTurn).toEqual(["+14155550100", "+74155550100", "+14155550100", undefined, "+74155550100"])
  })
})

describe("sameNumber", () => {
  it("compares as written, then by E.164", () => {
    expect(sameNumber("01874*0541", "01874*0541", russia)).toBe(true)
    expect(sameNumber("84999610999", "+7 499 961-09-99", russia)).toBe(true)
    expect(sameNumber("84999610999", "84999610998", russia)).toBe(false)
  })

  it("never takes two uncertain numbers for the same", () => {
    expect(sameNumber("anonymous", "unknown", russia)).toBe(false)
  })
})
