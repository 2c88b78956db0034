import envPaths from "env-paths"

/** Where to keep what may be forgotten: `CALLREEL_CACHE_DIR`, else `callreel` in the user's cache folder (XDG on Linux). */
export const cacheFolder = (env: Readonly<Record<string, string | undefined>>): string => {
  const chosen = env["CALLREEL_CACHE_DIR"]
  return chosen === undefined || chosen === "" ? envPaths("callreel", { suffix: "" }).cache : chosen
}
