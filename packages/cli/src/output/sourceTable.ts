import type { Capability, RecordingSource, SourceCheck } from "@callreel/recording"
import { type Column, headerLine, layOut, rowLine } from "./table.ts"

type CapabilityKey = keyof Capability

interface Row {
  readonly name: string
  readonly values: ReadonlyArray<string>
}

/** What each source can do: a row for every capability, a column for every source. */
export const capabilityTable = (sources: ReadonlyArray<RecordingSource>, columns: number | undefined): string => {
  const rows: ReadonlyArray<Row> = [
    { name: "provider", values: sources.map(({ provider }) => provider) },
    ...capabilityKeys(sources).map((key) => ({
      name: key,
      values: sources.map(({ capability }) => capabilityText(capability[key]))
    }))
  ]
  const tableColumns: ReadonlyArray<Column<Row>> = [
    { header: "CAPABILITY", value: ({ name }) => name },
    ...sources.map(({ name }, index) => ({ header: name, value: (row: Row) => row.values[index] ?? "", minimum: 4 }))
  ]
  const laidOut = layOut(tableColumns, rows, columns)
  return headerLine(laidOut) + rows.map((row) => rowLine(laidOut, row, columns !== undefined)).join("")
}

const isKeyOf = (key: string, capability: Capability): key is CapabilityKey => Object.hasOwn(capability, key)

const capabilityKeys = (sources: ReadonlyArray<RecordingSource>): ReadonlyArray<CapabilityKey> => {
  const keys = new Set<CapabilityKey>()
  for (const { capability } of sources) {
    for (const key of Object.keys(capability)) if (isKeyOf(key, capability)) keys.add(key)
  }
  return [...keys]
}

const capabilityText = (value: Capability[CapabilityKey]): string => {
  if (typeof value === "boolean") return value ? "yes" : "no"
  return value === undefined ? "" : String(value)
}

/** What a source's check found, in lines. */
export const checkText = (source: string, check: SourceCheck): string => {
  const lines = [
    `${source}: logged in${check.account === undefined ? "" : `, account ${check.account}`}`,
    ...check.permissions.map(({ granted, name }) => `  ${granted ? "granted" : "MISSING"}  ${name}`),
    ...check.limits.map(
      ({ group, limit, remaining }) =>
        `  limit    ${group}${limit === undefined ? "" : `: ${remaining ?? "?"} of ${limit} left`}`
    ),
    ...(check.clockSkewSeconds === undefined ? [] : [`  clock    ${check.clockSkewSeconds.toFixed(0)} s ahead of ours`])
  ]
  return `${lines.join("\n")}\n`
}
