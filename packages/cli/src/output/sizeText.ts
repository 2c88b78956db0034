const units = ["bytes", "kB", "MB", "GB", "TB"] as const

/** A size as people read it: `512 bytes`, `34.4 kB`, `1.2 GB`; steps of a thousand. */
export const sizeText = (bytes: number): string => {
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${step === 0 ? value : value.toFixed(1)} ${units[step] ?? "bytes"}`
}
