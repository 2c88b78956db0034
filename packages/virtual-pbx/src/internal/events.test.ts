import { describe, expect, it } from "vitest"
import { eventFields, parseEvent } from "./events.ts"

const form =
  "EventType=hangup&CallID=c67cbfe9f86c48f9a473df57fea1ae65&RecID=468944-c7c3&EventTime=1609459235000000&Duration=17000000"
const event = {
  type: "hangup",
  callId: "c67cbfe9f86c48f9a473df57fea1ae65",
  recordUuid: "468944-c7c3",
  at: new Date("2021-01-01T00:00:35.000Z")
}

describe("parseEvent", () => {
  it.each([
    ["a form body", form],
    ["a query string", `?${form}`],
    ["a whole address", `https://crm.example/hook?${form}`],
    ["a value with a question mark", `${form}&CallerIDName=Who?`],
    ["an address whose value has a question mark", `https://crm.example/hook?${form}&CallerIDName=Who?`],
    ["JSON text", JSON.stringify(Object.fromEntries(new URLSearchParams(form)))],
    ["an object", Object.fromEntries(new URLSearchParams(form))],
    [
      "keys in other letters",
      Object.fromEntries([...new URLSearchParams(form)].map(([key, value]) => [key.toUpperCase(), value]))
    ],
    ["URLSearchParams", new URLSearchParams(form)]
  ])("reads %s", (_, payload) => {
    expect(parseEvent(payload)).toEqual(event)
  })

  it("reads again what it wrote, and nothing else of the notification", () => {
    const fields = eventFields(event)
    expect(parseEvent(fields)).toEqual(event)
    expect(Object.keys(fields)).toEqual(["EventType", "CallID", "RecID", "EventTime"])
  })

  it("does without RecID, which does not always come", () => {
    expect(parseEvent("EventType=hangup&CallID=ab&RecID=")).toEqual({ type: "hangup", callId: "ab" })
  })

  it.each([
    ["nothing", ""],
    ["no call", "EventType=hangup"],
    ["broken JSON", "{"],
    ["a number", 5],
    ["null", null]
  ])("refuses %s", (_, payload) => {
    expect(parseEvent(payload)).toBeUndefined()
  })
})
