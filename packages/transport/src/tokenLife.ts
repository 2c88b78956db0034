import { Duration } from "effect"

/** How long a token lives that says so in seconds, as a number or as text; `otherwise` where it does not say. */
export const tokenLife = (
  expiresIn: number | string | null | undefined,
  otherwise: Duration.Duration
): Duration.Duration => {
  const seconds = Number(expiresIn ?? Number.NaN)
  return seconds > 0 && Number.isFinite(seconds) ? Duration.seconds(seconds) : otherwise
}
