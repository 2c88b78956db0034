/** What an object storage refuses, in words for people. Pure. */
import { ArchiveError } from "../../ArchiveError.ts"

/** What errors of the AWS SDK tell, however deep they are wrapped. */
export interface StorageFailure {
  /** `AccessDenied`, `NoSuchBucket`, `CredentialsProviderError`, or a system's code such as `ECONNREFUSED`. */
  readonly name: string
  readonly status?: number
}

/** The failure at the bottom of an error: the first with a status, else the last. */
export const failureOf = (error: unknown): StorageFailure => {
  let last: StorageFailure = { name: "no reason given" }
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const status = statusOf(cause)
    if (status !== undefined) return { name: cause.name, status }
    last = { name: "code" in cause && isSystemCode(cause.code) ? cause.code : cause.name }
  }
  return last
}

const isSystemCode = (code: unknown): code is string =>
  typeof code === "string" && /^(?:E[A-Z_]+|[A-Z_]{6,})$/.test(code)

const statusOf = (error: Error): number | undefined => {
  if (!("$metadata" in error) || typeof error.$metadata !== "object" || error.$metadata === null) return undefined
  const status = "httpStatusCode" in error.$metadata ? error.$metadata.httpStatusCode : undefined
  return typeof status === "number" ? status : undefined
}

/** Whether the failure is that there is no such object. A missing bucket is another failure, where the storage tells. */
export const isMissing = ({ name, status }: StorageFailure): boolean => status === 404 && name !== "NoSuchBucket"

interface Meaning {
  readonly says: string
  readonly remedy?: string
}

const credentials = "give credentials the way the AWS command line takes them: environment, profile or role"
const permissions =
  "the key needs s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload, and on the bucket s3:ListBucket and s3:ListBucketMultipartUploads"
const region = "name the bucket's region in the archive's address: ?region=…"
const address = "check the endpoint in the archive's address, and the network"

const denied: Meaning = { says: "it denies access", remedy: permissions }
const refusedKey: Meaning = { says: "it does not accept the access key", remedy: credentials }
const elsewhere: Meaning = { says: "the bucket is in another region", remedy: region }
const unreachable: Meaning = { says: "nobody answers there", remedy: address }
const silent: Meaning = { says: "it does not answer", remedy: address }
const noCertificate: Meaning = { says: "its certificate is not trusted", remedy: address }

const byName: Readonly<Record<string, Meaning>> = {
  AccessDenied: denied,
  AccountProblem: { says: "there is a problem with the account" },
  AllAccessDisabled: denied,
  AuthorizationHeaderMalformed: elsewhere,
  CredentialsProviderError: { says: "no credentials were found", remedy: credentials },
  ExpiredToken: { says: "the credentials have expired", remedy: "renew them and run it again" },
  ExpiredTokenException: { says: "the credentials have expired", remedy: "renew them and run it again" },
  InvalidAccessKeyId: refusedKey,
  InvalidObjectState: { says: "the object is in cold storage", remedy: "restore it first" },
  NoSuchBucket: { says: "there is no such bucket", remedy: "make it, or correct its name in the archive's address" },
  PermanentRedirect: elsewhere,
  QuotaExceeded: { says: "the storage's quota is used up", remedy: "raise it and run it again" },
  RequestTimeTooSkewed: { says: "this machine's clock is wrong", remedy: "set the clock" },
  SignatureDoesNotMatch: refusedKey,
  TimeoutError: silent,
  TokenRefreshRequired: { says: "the credentials have expired", remedy: "renew them and run it again" },
  ECONNREFUSED: unreachable,
  ECONNRESET: { says: "the connection was lost" },
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOTFOUND: { says: "there is no such host", remedy: address },
  EAI_AGAIN: { says: "the name server does not answer", remedy: "check the network" },
  EPIPE: { says: "the connection was lost" },
  ETIMEDOUT: silent,
  DEPTH_ZERO_SELF_SIGNED_CERT: noCertificate,
  SELF_SIGNED_CERT_IN_CHAIN: noCertificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noCertificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noCertificate,
  CERT_HAS_EXPIRED: { says: "its certificate has expired" },
  ERR_TLS_CERT_ALTNAME_INVALID: noCertificate
}

const byStatus = (status: number): Meaning | undefined => {
  if (status === 301) return elsewhere
  if (status === 401) return refusedKey
  if (status === 403) return denied
  if (status === 503 || status === 429)
    return { says: "it asks to slow down", remedy: "run it again with fewer transfers" }
  if (status === 507) return { says: "its space is used up", remedy: "make room and run it again" }
  return status >= 500
    ? { says: `it fails with ${status}, also when asked again`, remedy: "run it again later" }
    : undefined
}

/**
 * The bucket `archive` (`s3://bucket/prefix`) cannot be used, and why. The SDK's own error is not kept: it holds requests
 * with their signatures.
 */
export const bucketError = (archive: string, use: "written" | "read", error: unknown): ArchiveError => {
  const { name, status } = failureOf(error)
  const meaning =
    byName[name] ?? (status === undefined ? undefined : byStatus(status)) ?? unknownMeaning(error, name, status)
  return new ArchiveError({
    reason: "Destination",
    detail: `the archive ${archive} cannot be ${use}: ${meaning.says}`,
    ...(meaning.remedy !== undefined && { remedy: meaning.remedy })
  })
}

// The one failure of the SDK that has neither a name nor a code of its own.
const lacksRegion = (error: unknown): boolean =>
  error instanceof Error && (error.message === "Region is missing" || lacksRegion(error.cause))

const unknownMeaning = (error: unknown, name: string, status: number | undefined): Meaning =>
  lacksRegion(error)
    ? { says: "its region is not known", remedy: region }
    : { says: `the storage refuses (${[name, status].filter((part) => part !== undefined).join(", ")})` }
