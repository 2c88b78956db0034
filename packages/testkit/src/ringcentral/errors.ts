/** The vendor's refusals, in its several shapes. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"

/** One entry of `errors`. */
interface ApiError {
  readonly errorCode: string
  readonly message: string
  readonly parameterName?: string
  readonly parameterValue?: string
  readonly permissionName?: string
}

/** The shape with a name at the top and the code among `errors`; the details of the error stand at the top again. */
const namedError = (status: number, name: string, error: ApiError, headers: Readonly<Record<string, string>> = {}) => {
  const { errorCode: _, ...details } = error
  return jsonAnswer(status, { errorCode: name, ...details, errors: [error] }, headers)
}

/** The shape that has nothing but `errors`. */
const plainError = (status: number, error: ApiError, headers: Readonly<Record<string, string>> = {}): Answer =>
  jsonAnswer(status, { errors: [error] }, headers)

/** What the gateway before the API says: no `errors` at all. */
export const gatewayError = (status: number, errorCode: string, message: string): Answer =>
  jsonAnswer(status, { errorCode, message }, status === 401 ? { "www-authenticate": "Bearer" } : {})

/** RFC 6749 with the vendor's codes. */
export const oauthError = (
  status: 400 | 401,
  error: string,
  errorCode: string,
  message: string,
  parameterName?: string
): Answer =>
  jsonAnswer(status, {
    error,
    error_description: message,
    errors: [{ errorCode, message, ...(parameterName === undefined ? {} : { parameterName }) }]
  })

/** An address that nothing is at. */
export const unknownAddress = (): Answer => gatewayError(404, "AGW-404", "Resource not found")

/** An address that exists, with another method. */
export const methodNotAllowed = (): Answer => gatewayError(405, "AGW-405", "Method is not allowed")

/** An address that exists, but not on this host. */
export const invalidUri = (): Answer => namedError(404, "InvalidURI", { errorCode: "CMN-120", message: "Invalid URI" })

/** A header `Authorization` that holds no bearer token, and none at all. */
export const invalidHeader = (): Answer => gatewayError(401, "AGW-402", "Invalid Authorization header")
export const missingHeader = (): Answer => gatewayError(401, "AGW-401", "Authorization header is not specified")

const tokenErrors = {
  "OAU-128": ["TokenExpired", "Access token has expired"],
  "OAU-149": ["TokenInvalid", "Unparsable access token"],
  "OAU-213": ["TokenInvalid", "Token not found"]
} as const

/** A token that is not good. */
export const tokenRefused = (errorCode: keyof typeof tokenErrors): Answer => {
  const [name, message] = tokenErrors[errorCode]
  return namedError(401, name, { errorCode, message }, { "www-authenticate": "Bearer" })
}

/** The app's token has no such scope. */
export const appForbidden = (permissionName: string): Answer =>
  namedError(403, "InsufficientPermissions", {
    errorCode: "CMN-401",
    message: `In order to call this API endpoint, application needs to have [${permissionName}] permission`,
    permissionName
  })

/** The user's role lacks a permission. */
export const userForbidden = (permissionName: string): Answer =>
  namedError(403, "InsufficientPermissions", {
    errorCode: "CMN-408",
    message: `In order to call this API endpoint, user needs to have [${permissionName}] permission for requested resource`,
    permissionName
  })

/** Somebody else's extension. */
export const otherExtension = (): Answer =>
  plainError(403, { errorCode: "CMN-404", message: "Access to other extension is not allowed" })

/** A parameter with a value it may not have. */
export const invalidParameter = (parameterName: string, parameterValue?: string): Answer =>
  namedError(400, "InvalidParameter", {
    errorCode: "CMN-101",
    message: `Parameter [${parameterName}] value is invalid.`,
    parameterName,
    ...(parameterValue === undefined ? {} : { parameterValue })
  })

/** Parameters that may not be together. */
export const conflictingParameters = (parameterName: string, other: string): Answer =>
  plainError(400, {
    errorCode: "CLG-110",
    message: `Parameter [${parameterName}] is not allowed for usage along with parameter [${other}]`,
    parameterName
  })

/** Nothing there, or nothing that may be seen. */
export const notFound = (parameterName: string): Answer =>
  namedError(404, "ResourceNotFound", {
    errorCode: "CMN-102",
    message: `Resource for parameter [${parameterName}] is not found`,
    parameterName
  })

/** A Range that begins after the end. */
export const rangeNotSatisfiable = (length: number): Answer =>
  plainError(
    416,
    { errorCode: "CMN-107", message: "Requested range not satisfiable" },
    { "content-range": `bytes */${length}` }
  )

/** A body of a kind that is not understood. */
export const unsupportedMediaType = (): Answer =>
  plainError(415, { errorCode: "CMN-415", message: "Unsupported Media Type" })

/** Why a token of the sync resources is of no use. Which code means what is not documented; all mean a full sync. */
const syncErrors = {
  unknown: ["CLG-101", "Parameter [syncToken] is invalid"],
  expired: ["CLG-102", "Parameter [syncToken] is invalid [token is expired]"],
  "other-resource": ["CLG-103", "Parameter [syncToken] is invalid [token was issued for another resource]"],
  "other-parameters": ["CLG-104", "Parameter [syncToken] is invalid [parameters have changed]"],
  "too-many": ["CLG-105", "Parameter [syncToken] is invalid [max sync record number limit is exceeded]"]
} as const

export const syncTokenRefused = (reason: keyof typeof syncErrors): Answer => {
  const [errorCode, message] = syncErrors[reason]
  return namedError(400, "InvalidParameter", { errorCode, message, parameterName: "syncToken" })
}

/** Too many requests, by the code of the limit. */
export const tooManyRequests = (
  errorCode: "CMN-301" | "CMN-304" | "CMN-310",
  headers: Readonly<Record<string, string>>
): Answer => {
  const message = errorCode === "CMN-304" ? "Duplicate concurrent request. Try again later" : "Request rate exceeded"
  return errorCode === "CMN-301"
    ? namedError(429, errorCode, { errorCode, message }, headers)
    : plainError(429, { errorCode, message }, headers)
}

/** A web hook that does not echo its challenge. */
export const webHookRefused = (): Answer =>
  plainError(400, { errorCode: "SUB-525", message: "WebHook responds with incorrect HTTP status or token" })
