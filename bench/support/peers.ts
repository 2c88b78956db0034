import { spawnSync } from "node:child_process"

/** Programs that ours is compared with, and how each tells its version. */
const peers = {
  rclone: ["version"],
  curl: ["--version"],
  nginx: ["-v"],
  aria2c: ["--version"],
  gh: ["--version"]
} as const

/** Their versions, as far as they are installed. */
export const peerVersions = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(peers).map(([name, parameters]) => {
      const { stderr, stdout } = spawnSync(name, parameters, { encoding: "utf8" })
      return [name, /\d+\.\d+(?:\.\d+)*/.exec(`${stdout ?? ""}${stderr ?? ""}`)?.[0] ?? "not installed"]
    })
  )

/** Whether a program is installed. */
export const isInstalled = (name: string): boolean => spawnSync(name, ["--version"]).error === undefined
