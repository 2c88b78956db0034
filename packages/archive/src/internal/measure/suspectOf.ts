/** What a vendor says of a file before it is fetched. */
export interface Reported {
  readonly bytes?: number
  readonly durationSeconds?: number
}

const toleranceSeconds = 2
const toleranceRatio = 0.05

/**
 * How a file differs from what the vendor had reported, with both figures; undefined where it does not. Bytes must agree
 * exactly, durations to 2 seconds or 5 % of the reported one, whichever is more. What is not known on one side does not
 * differ. Pure.
 */
export const suspectOf = (
  reported: Reported,
  measured: { readonly bytes: number; readonly durationSeconds?: number }
): string | undefined => {
  const differences = [
    ...(reported.bytes === undefined || reported.bytes === measured.bytes
      ? []
      : [`${reported.bytes} bytes reported, ${measured.bytes} came`]),
    ...(areNear(reported.durationSeconds, measured.durationSeconds)
      ? []
      : [`${seconds(reported.durationSeconds)} s reported, ${seconds(measured.durationSeconds)} s measured`])
  ]
  return differences.length === 0 ? undefined : differences.join("; ")
}

const areNear = (reported: number | undefined, measured: number | undefined): boolean =>
  reported === undefined ||
  measured === undefined ||
  Math.abs(reported - measured) <= Math.max(toleranceSeconds, reported * toleranceRatio)

const seconds = (value: number | undefined): string => String(Math.round((value ?? 0) * 10) / 10)
