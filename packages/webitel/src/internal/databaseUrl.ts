/** The address of a database, judged before anything is connected to. Pure; says nothing of what stands in it. */

const sslModes = new Set(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])

const expected = "is not an address such as postgres://user:password@host:5432/database"

/** What is wrong with an address; undefined where nothing is. */
export const wrongPartOfUrl = (text: string): string | undefined => {
  const url = URL.parse(text)
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) return expected
  const { hostname, password, pathname, searchParams, username } = url
  if (![hostname, username, password, pathname].every(isDecodable)) {
    return "has a % that begins no escaped character; write it as %25"
  }
  if (hostname === "" && !searchParams.get("host")) return expected
  if (username === "" && !searchParams.get("user")) return "names no user"
  const mode = searchParams.get("sslmode")
  if (mode !== null && !sslModes.has(mode)) return `has an sslmode that is none of ${[...sslModes].join(", ")}`
  const port = searchParams.get("port")
  if (port !== null && !isPort(port)) return "has a port that is none"
  const timeout = searchParams.get("connect_timeout")
  return timeout === null || /^\d+$/.test(timeout) ? undefined : "has a connect_timeout that is no number of seconds"
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535

const isDecodable = (text: string): boolean => {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}
