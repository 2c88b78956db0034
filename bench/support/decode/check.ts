import type { Recording } from "@callreel/recording"
import { withValueAt } from "./json.ts"
import type { Vendor } from "./Vendor.ts"

/**
 * What is wrong with a contest: somebody who refuses the page or accepts a broken one does other work than the others,
 * and a mapping that loses recordings is no faster.
 */
export const problemsOf = (vendor: Vendor, page: unknown, expected: ReadonlySet<string>): ReadonlyArray<string> => [
  ...Object.entries(vendor.decoders).flatMap(([name, accepts]) => [
    ...(accepts(page) ? [] : [`${vendor.name}: ${name} refuses the page`]),
    ...vendor.breaks
      .filter(([path, value]) => accepts(withValueAt(page, path, value)))
      .map(([path]) => `${vendor.name}: ${name} accepts a page that is broken at ${path.join(".") || "its root"}`)
  ]),
  ...differences(vendor.name, vendor.map(page), expected)
]

const differences = (
  name: string,
  recordings: ReadonlyArray<Recording>,
  expected: ReadonlySet<string>
): ReadonlyArray<string> => {
  const found = new Set(recordings.map(({ id }) => id))
  const missing = [...expected].filter((id) => !found.has(id)).length
  const surplus = [...found].filter((id) => !expected.has(id)).length
  const repeated = recordings.length - found.size
  return missing + surplus + repeated === 0
    ? []
    : [`${name}: ${missing} recordings are missing, ${surplus} are not in the page, ${repeated} come again`]
}
