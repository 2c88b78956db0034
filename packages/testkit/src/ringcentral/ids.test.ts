import { describe, expect, it } from "vitest"
import { callRecordId, callRecordKey, digitsId, digitsKey, telephonySessionId, telephonySessionKey } from "./ids.ts"

describe("ids", () => {
  const hex = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

  it("lead back to one number", () => {
    const key = Number.parseInt(hex.slice(0, 12), 16)
    expect(digitsKey(digitsId(hex))).toBe(key)
    expect(telephonySessionKey(telephonySessionId(hex))).toBe(key)
    expect(callRecordKey(callRecordId(hex))).toBe(key)
  })

  it.each(["", "-1", "01", "1e3", "12345678901234567", "x"])("of digits are not %j", (text) => {
    expect(digitsKey(text)).toBeUndefined()
  })
})
