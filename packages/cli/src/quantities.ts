/** Sizes and durations as people write them on a command line. Pure. */

const sizeUnits: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4
}

/** The bytes of `500`, `64k`, `10MB`, `1.5 GiB`; undefined for what is none. */
export const parseSize = (text: string): number | undefined => {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?$/i.exec(text.trim()) ?? []
  const factor = sizeUnits[unit.toLowerCase()]
  const bytes = Math.round(Number(digits) * (factor ?? Number.NaN))
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}

const durationUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** The seconds of `90`, `90s`, `30m`, `2h`, `1h30m`; undefined for what is none. */
export const parseSeconds = (text: string): number | undefined => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) > 0 ? Number(text) : undefined
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/gi)]
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return undefined
  const seconds = parts.reduce(
    (sum, [, digits, unit = ""]) => sum + Number(digits) * (durationUnits[unit.toLowerCase()] ?? Number.NaN),
    0
  )
  return seconds > 0 ? seconds : undefined
}
