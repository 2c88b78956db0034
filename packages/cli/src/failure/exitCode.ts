import type { FailureReason } from "./Failure.ts"

/** Exit codes of the command; scripts rely on them. */
export const ExitCode = {
  done: 0,
  unexpected: 1,
  usage: 2,
  credentials: 3,
  notFound: 4,
  tryLater: 5,
  wrongData: 6,
  someFailed: 7,
  destination: 8,
  interrupted: 130
} as const

/** The exit code for a reason. */
export const exitCodeOf = (reason: FailureReason): number => {
  switch (reason) {
    case "InvalidQuery":
    case "InvalidOptions":
    case "Unsupported":
      return ExitCode.usage
    case "Unauthorized":
    case "Forbidden":
    case "OnHold":
      return ExitCode.credentials
    case "NotFound":
    case "Gone":
      return ExitCode.notFound
    case "RateLimited":
    case "Unavailable":
    case "Pending":
    case "Locked":
      return ExitCode.tryLater
    case "InvalidResponse":
    case "Truncated":
    case "Checksum":
      return ExitCode.wrongData
    case "Incomplete":
      return ExitCode.someFailed
    case "Destination":
    case "Ledger":
      return ExitCode.destination
    case "Unexpected":
      return ExitCode.unexpected
  }
}

/** One exit code for several failures: refused credentials before all else, then the first. */
export const exitCodeOfAll = (reasons: ReadonlyArray<FailureReason>): number => {
  const codes = reasons.map(exitCodeOf)
  return codes.includes(ExitCode.credentials) ? ExitCode.credentials : (codes[0] ?? ExitCode.done)
}
