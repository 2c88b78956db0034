import { readFileSync } from "node:fs"

/** The version in the package's own package.json, which lies beside `src` and `dist` alike. */
export const readVersion = (): string => {
  const json: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  return typeof json === "object" && json !== null && "version" in json ? String(json.version) : "unknown"
}
