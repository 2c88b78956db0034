/** Which hosts are not of the public internet, judged from the literal alone. */
import { BlockList, isIP } from "node:net"

// Not reachable from the public internet, or not a single host: private, shared, link-local, benchmark, multicast, reserved.
const privateRanges4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4]
] as const

// ::/96 holds ::, ::1 and the old IPv4-compatible forms; 64:ff9b:1::/48 is NAT64 of local use; 2001::/32 is Teredo.
const privateRanges6 = [
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8]
] as const

const privateAddresses = new BlockList()
for (const [address, prefix] of privateRanges4) privateAddresses.addSubnet(address, prefix, "ipv4")
for (const [address, prefix] of privateRanges6) privateAddresses.addSubnet(address, prefix, "ipv6")

const loopbackAddresses = new BlockList()
loopbackAddresses.addSubnet("127.0.0.0", 8, "ipv4")
loopbackAddresses.addAddress("::1", "ipv6")

const groupsOf = (address: string): ReadonlyArray<number> => {
  // The URL parser writes an IPv6 address in its one canonical form, a dotted IPv4 tail included.
  const canonical = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? ""
  const [head = "", tail] = canonical.split("::")
  const parse = (part: string): ReadonlyArray<number> =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16))
  if (tail === undefined) return parse(head)
  const [left, right] = [parse(head), parse(tail)]
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

const dotted = (high: number | undefined, low: number | undefined): string | undefined =>
  high === undefined || low === undefined ? undefined : `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`

const mappedPrefix = [0, 0, 0, 0, 0, 0xffff].join(":")
const nat64Prefix = [0x64, 0xff9b, 0, 0, 0, 0].join(":")

/** The IPv4 address inside an IPv6 one that only wraps it: v4-mapped, NAT64 (64:ff9b::/96), 6to4 (2002::/16). */
const embedded4 = (address: string): string | undefined => {
  const groups = groupsOf(address)
  const prefix = groups.slice(0, 6).join(":")
  if (prefix === mappedPrefix || prefix === nat64Prefix) return dotted(groups[6], groups[7])
  return groups[0] === 0x2002 ? dotted(groups[1], groups[2]) : undefined
}

const isInside = (ranges: BlockList, address: string): boolean => {
  if (isIP(address) === 4) return ranges.check(address, "ipv4")
  const inner = embedded4(address)
  return inner === undefined ? ranges.check(address, "ipv6") : ranges.check(inner, "ipv4")
}

/** `[::1]`, `fe80::1%eth0`, `LOCALHOST.` → the plain address or name. */
const plainHost = (host: string): string => {
  const bare = host.startsWith("[") ? host.slice(1, -1) : host
  return (bare.split("%", 1)[0] ?? "").replace(/\.$/, "").toLowerCase()
}

const isLocalhost = (name: string): boolean => name === "localhost" || name.endsWith(".localhost")

/** Whether a host as `URL.hostname` gives it, or an address as DNS gives it, is this machine. */
export const isLoopback = (host: string): boolean => {
  const plain = plainHost(host)
  return isIP(plain) === 0 ? isLocalhost(plain) : isInside(loopbackAddresses, plain)
}

/**
 * Whether a host is loopback, private, link-local, shared, multicast or reserved. A name other than `localhost` is not
 * judged: what it resolves to is checked when the connection is made.
 */
export const isPrivate = (host: string): boolean => {
  const plain = plainHost(host)
  return isIP(plain) === 0 ? isLocalhost(plain) : isInside(privateAddresses, plain)
}
