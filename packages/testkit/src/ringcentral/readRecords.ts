/** `GET …/call-log/{id}`: one record, or up to fifty at once as a multipart answer. */
import { type Answer, bytesBody, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { Addresses } from "./addresses.ts"
import type { CallLog } from "./CallLog.ts"
import { invalidParameter, notFound } from "./errors.ts"
import { wordIn } from "./parameters.ts"
import type { LogOwner, RecordView, RecordWriter } from "./recordJson.ts"
import type { Json, JsonObject } from "./RingCentralOptions.ts"

export interface ReadRecords {
  /** `ids`: the last segment of the path, decoded. */
  readonly read: (request: SimulatorRequest, owner: LogOwner, ids: string) => Answer
}

const mostIds = 50

const multipart = (boundary: string, parts: ReadonlyArray<Json>): Answer => {
  const text = parts
    .map((part) => `--${boundary}\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(part)}\r\n`)
    .join("")
  return {
    status: 207,
    headers: { "content-type": `multipart/mixed;boundary="${boundary}"` },
    body: bytesBody(new TextEncoder().encode(`${text}--${boundary}--\r\n`))
  }
}

/** Single records of the log. */
export const makeReadRecords = (log: CallLog, writer: RecordWriter, addresses: Addresses): ReadRecords => {
  const find = (id: string, view: RecordView): JsonObject | undefined => {
    const position = log.index.byRecordId(id)
    if (position === undefined || !log.isListed(position, view.at)) return undefined
    const record = log.index.record(position)
    const { extensionId } = view.owner
    return extensionId === undefined || record.extension.id === extensionId ? writer.record(record, view) : undefined
  }

  // The first part tells what became of each; the records that were found follow.
  const batch = (ids: ReadonlyArray<string>, view: RecordView, number: number): Answer => {
    const found = ids.map((id) => ({ id, record: find(id, view) }))
    const statuses = found.map(({ id, record }) => ({
      href: addresses.platform(`/call-log/${id}`),
      status: record === undefined ? 404 : 200,
      ...(record === undefined ? { responseDescription: "Not Found" } : {})
    }))
    const records = found.flatMap(({ record }) => (record === undefined ? [] : [record]))
    return multipart(`Boundary_${number}_${view.at}`, [{ response: statuses }, ...records])
  }

  return {
    read: ({ entry, query }, owner, text) => {
      const word = wordIn(query, "view", ["Simple", "Detailed"])
      if (!word.ok) return word.refusal
      const ids = text.split(",")
      if (ids.length > mostIds || ids.includes("")) return invalidParameter("callRecordId", text)
      const view: RecordView = { at: log.now(), detailed: word.value === "Detailed", owner }
      if (ids.length > 1) return batch(ids, view, entry.number)
      const record = find(text, view)
      return record === undefined ? notFound("callRecordId") : jsonAnswer(200, record)
    }
  }
}
