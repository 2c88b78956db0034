/** Proofs and the log as rows of the ledger. Pure. */
import type { LogRecord, ProofRecord } from "../../Ledger.ts"
import { dateOf, type ReadNumber } from "./columns.ts"
import { textOf } from "./text.ts"

/** A row of the log as it is read; rows are numbered in the order they were added in. */
export interface LogRow {
  readonly number: ReadNumber
  readonly at: ReadNumber
  readonly action: LogRecord["action"]
  readonly source: string
  readonly id: string
  readonly detail: string
}

/** The record of a row. */
export const logRecordOf = ({ action, at, detail, id, source }: LogRow): LogRecord => ({
  at: new Date(Number(at)),
  action,
  source: textOf(source),
  id: textOf(id),
  detail: textOf(detail)
})

/** A row of the proofs as it is read. */
export interface ProofRow {
  readonly source: string
  readonly from_at: ReadNumber | null
  readonly to_at: ReadNumber | null
  readonly at: ReadNumber
  readonly path: string
  readonly sha256: string
}

/** The proof of a row. */
export const proofOf = (row: ProofRow): ProofRecord => {
  const from = dateOf(row.from_at)
  const to = dateOf(row.to_at)
  return {
    source: textOf(row.source),
    at: new Date(Number(row.at)),
    path: textOf(row.path),
    sha256: row.sha256,
    ...(from && { from }),
    ...(to && { to })
  }
}
