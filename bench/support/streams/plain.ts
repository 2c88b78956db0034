/** The same in plain async generators, as one would write it without us; duplicates are not looked for. */
import type { Ledger } from "@callreel/archive"
import { type Recording, startOf } from "@callreel/recording"
import { Effect } from "effect"
import { groupSize, writePage } from "./ledgerPages.ts"
import { direction, type Pages, window } from "./recordings.ts"

const list = async function* ({ page }: Pages): AsyncGenerator<Recording> {
  for (let index = 0; ; index++) {
    const found = await page(index)
    if (found === undefined) return
    yield* found
  }
}

const filter = async function* (recordings: AsyncIterable<Recording>): AsyncGenerator<Recording> {
  for await (const recording of recordings) {
    if (isInWindow(recording) && recording.call?.direction === direction) yield recording
  }
}

const timeOf = (recording: Recording): number => startOf(recording)?.getTime() ?? 0

const isInWindow = (recording: Recording): boolean => {
  const time = timeOf(recording)
  return time >= window.from.getTime() && time < window.to.getTime()
}

const merge = async function* (
  left: AsyncGenerator<Recording>,
  right: AsyncGenerator<Recording>
): AsyncGenerator<Recording> {
  let [one, other] = await Promise.all([left.next(), right.next()])
  while (one.done !== true && other.done !== true) {
    if (timeOf(one.value) <= timeOf(other.value)) {
      yield one.value
      one = await left.next()
    } else {
      yield other.value
      other = await right.next()
    }
  }
  for (; one.done !== true; one = await left.next()) yield one.value
  for (; other.done !== true; other = await right.next()) yield other.value
}

const merged = ([first, second]: readonly [Pages, Pages]): AsyncGenerator<Recording> =>
  merge(filter(list(first)), filter(list(second)))

export const count = async (all: readonly [Pages, Pages]): Promise<number> => {
  let sum = 0
  for await (const _ of merged(all)) sum += 1
  return sum
}

export const store = async (all: readonly [Pages, Pages], ledger: Ledger): Promise<number> => {
  let behind = 0
  let page: Array<Recording> = []
  const write = async (): Promise<void> => {
    if (page.length === 0) return
    await Effect.runPromise(writePage(ledger, page, behind))
    behind += page.length
    page = []
  }
  for await (const recording of merged(all)) {
    page.push(recording)
    if (page.length === groupSize) await write()
  }
  await write()
  return behind
}
