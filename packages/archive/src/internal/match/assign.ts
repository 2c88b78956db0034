/** Each row to one column of its own, so that the sum of weights is largest: the Hungarian method over sparse rows. Pure. */

/** A column that a row may have, and what that is worth. */
export interface Choice {
  readonly column: number
  readonly weight: number
}

/** The column of each row; undefined where none is worth having. Weights may be negative: such ones are never chosen. */
export const assign = (
  rows: ReadonlyArray<ReadonlyArray<Choice>>,
  columns: number
): ReadonlyArray<number | undefined> => {
  const solver = new Solver(rows, columns)
  for (const row of rows.keys()) solver.insert(row)
  return rows.map((_, row) => {
    const column = solver.columnOf[row] ?? Infinity
    return column < columns ? column : undefined
  })
}

/** A column that a search has reached. */
interface Reached {
  readonly column: number
  /** The row by which it is reached the cheapest way. */
  readonly by: number
  readonly distance: number
}

class Solver {
  readonly columnOf: Array<number | undefined> = []
  readonly #rows: ReadonlyArray<ReadonlyArray<Choice>>
  readonly #columns: number
  readonly #rowOf: Array<number | undefined> = []
  // Prices that make every choice cost nothing at best: what a way costs more than that tells how good it is.
  readonly #rowPrice: Array<number> = []
  readonly #columnPrice: Array<number> = []

  constructor(rows: ReadonlyArray<ReadonlyArray<Choice>>, columns: number) {
    this.#rows = rows
    this.#columns = columns
  }

  /** Gives a row a column by the cheapest way of exchanges; each row has a column of its own that is worth nothing. */
  insert(row: number): void {
    const done = new Map<number, Reached>()
    const open = new Map<number, Reached>()
    let current = row
    let distance = 0
    for (;;) {
      this.#reach(current, distance, done, open)
      const next = nearest(open)
      if (next === undefined) return
      open.delete(next.column)
      done.set(next.column, next)
      distance = next.distance
      const owner = this.#rowOf[next.column]
      if (owner === undefined) return this.#exchange(row, next, done)
      current = owner
    }
  }

  #reach(row: number, distance: number, done: Map<number, Reached>, open: Map<number, Reached>): void {
    const consider = (column: number, cost: number): void => {
      if (done.has(column)) return
      const through = distance + cost - (this.#rowPrice[row] ?? 0) - (this.#columnPrice[column] ?? 0)
      if (through < (open.get(column)?.distance ?? Infinity)) open.set(column, { column, by: row, distance: through })
    }
    for (const { column, weight } of this.#rows[row] ?? []) consider(column, -weight)
    consider(this.#columns + row, 0)
  }

  #exchange(row: number, last: Reached, done: Map<number, Reached>): void {
    this.#rowPrice[row] = (this.#rowPrice[row] ?? 0) + last.distance
    for (const { column, distance } of done.values()) {
      const owner = this.#rowOf[column]
      this.#columnPrice[column] = (this.#columnPrice[column] ?? 0) + distance - last.distance
      if (owner !== undefined) this.#rowPrice[owner] = (this.#rowPrice[owner] ?? 0) + last.distance - distance
    }
    let step: Reached | undefined = last
    while (step !== undefined) {
      const before: number | undefined = this.columnOf[step.by]
      this.#rowOf[step.column] = step.by
      this.columnOf[step.by] = step.column
      step = before === undefined ? undefined : done.get(before)
    }
  }
}

/** The first of the cheapest ones. */
const nearest = (open: ReadonlyMap<number, Reached>): Reached | undefined => {
  let best: Reached | undefined
  for (const reached of open.values()) {
    if (best === undefined || reached.distance < best.distance) best = reached
  }
  return best
}
