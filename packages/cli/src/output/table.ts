import cliTruncate from "cli-truncate"
import stringWidth from "string-width"
import { visible } from "./visible.ts"

/** One column of a table. */
export interface Column<Row> {
  readonly header: string
  readonly value: (row: Row) => string
  /** Narrowest useful width, in terminal columns; a column with one is made narrower where the room is short. */
  readonly minimum?: number
  /** Order in which columns are left out where even the minimum does not fit; without it, never. */
  readonly dropFirst?: number
  readonly align?: "right"
}

/** A column with its width. */
export interface LaidOutColumn<Row> extends Column<Row> {
  readonly width: number
}

const gap = "  "

/**
 * Widths for these rows and for those that come later; `available` is the terminal's width, undefined where there is no
 * terminal and nothing need be cut.
 */
export const layOut = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  available: number | undefined
): ReadonlyArray<LaidOutColumn<Row>> => {
  const natural = columns.map((column) => ({
    ...column,
    width: Math.max(
      stringWidth(column.header),
      column.minimum ?? 0,
      rows.reduce((widest, row) => Math.max(widest, stringWidth(visible(column.value(row)))), 0)
    )
  }))
  return available === undefined ? natural : fit(natural, available)
}

const fit = <Row>(columns: ReadonlyArray<LaidOutColumn<Row>>, available: number): ReadonlyArray<LaidOutColumn<Row>> => {
  let excess = columns.reduce((sum, { width }) => sum + width + gap.length, -gap.length) - available
  if (excess <= 0) return columns
  const shrunk = columns.map((column) => ({ ...column }))
  // The widest gives way first, so that short columns stay whole.
  while (excess > 0) {
    const widest = shrunk
      .filter(({ minimum, width }) => minimum !== undefined && width > minimum)
      .reduce<(typeof shrunk)[number] | undefined>(
        (most, column) => (column.width > (most?.width ?? 0) ? column : most),
        undefined
      )
    if (widest === undefined) break
    widest.width -= 1
    excess -= 1
  }
  if (excess <= 0) return shrunk
  const [dropped] = columns
    .filter(({ dropFirst }) => dropFirst !== undefined)
    .toSorted((left, right) => (left.dropFirst ?? 0) - (right.dropFirst ?? 0))
  return dropped === undefined
    ? shrunk
    : fit(
        columns.filter((column) => column !== dropped),
        available
      )
}

/** The line of headers. */
export const headerLine = <Row>(columns: ReadonlyArray<LaidOutColumn<Row>>): string =>
  joinCells(columns.map((column) => padded(column.header, column)))

/** The line of one row. A value wider than its column is cut on a terminal and kept whole elsewhere. */
export const rowLine = <Row>(columns: ReadonlyArray<LaidOutColumn<Row>>, row: Row, onTerminal: boolean): string =>
  joinCells(
    columns.map((column) => {
      const text = visible(column.value(row))
      const cut = onTerminal && column.minimum !== undefined && stringWidth(text) > column.width
      return padded(cut ? cliTruncate(text, column.width) : text, column)
    })
  )

const joinCells = (cells: ReadonlyArray<string>): string => `${cells.join(gap).trimEnd()}\n`

const padded = (text: string, { align, width }: { readonly align?: "right"; readonly width: number }): string => {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)))
  return align === "right" ? space + text : text + space
}
