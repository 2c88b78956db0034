import { spawnSync } from "node:child_process"

/** Runs a program and gives what it printed; throws with its whole output when it fails. */
export const command = (folder: string, program: string, ...parameters: ReadonlyArray<string>): string => {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { cwd: folder, encoding: "utf8" })
  if (status === 0) return stdout
  const reason = error?.message ?? `exit code ${status}`
  throw new Error(`${program} ${parameters.join(" ")}: ${reason}\n${stdout}\n${stderr}`)
}
