/** The server's errors: an id that names them, whatever the status. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"

/** An error before it is put into words on the wire. */
export interface ApiError {
  readonly status: 400 | 401 | 403 | 404 | 500
  readonly id: string
  readonly detail: string
}

const statusTexts: Readonly<Record<ApiError["status"], string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  500: "Internal Server Error"
}

const grpcCodes: Readonly<Record<ApiError["status"], number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 500: 13 }

const apiError =
  (status: ApiError["status"], id: string, detail: string) =>
  (detailHere: string = detail): ApiError => ({ status, id, detail: detailHere })

export const filterRequired = apiError(
  400,
  "grpc.call.search_history",
  "filter created_at or stored_at or q is required"
)
export const invalidArgument = apiError(400, "api.request.invalid_argument.app_error", "invalid argument")
export const rawSortRefused = apiError(400, "store.sql.sort.app_error", "sort is not a column")
export const sessionInvalid = apiError(401, "session.valid", "Invalid session")
export const permissionDenied = apiError(403, "api.context.permissions.app_error", "You do not have the permission")
export const historyFailed = apiError(500, "store.sql_call.get_history.app_error", "canceling statement due to timeout")
export const messageTooLarge = apiError(500, "go.micro.client", "grpc: received message larger than max")
export const gatewayNotFound = apiError(404, "go.micro.api", "Not Found")
export const transcriptNotFound = apiError(404, "store.sql_stt_file.get.app_error", "sql: no rows in result set")

/** Of the storage. Who is refused gets 500, and only the id tells why. */
export const sessionExpired = apiError(500, "api.context.session_expired.app_error", "UserRequired")
export const sessionUnauthorized = apiError(500, "app.session.unauthorized.app_error", "Unauthorized")
export const signatureInvalid = apiError(500, "api.context.session_signature.app_error", "Invalid signature")
export const invalidUrlParameter = apiError(400, "api.context.invalid_url_param.app_error", "Invalid id")
export const rangeNotOverlapping = apiError(
  400,
  "api.helper.parse_range.failed_to_overlap.app_error",
  "range does not overlap"
)
export const rangeMalformed = apiError(400, "api.helper.parse_range.failed_range.app_error", "invalid range")
export const recordingForbidden = apiError(403, "call.recordings.access.forbidden", "Not allow")
export const fileMalware = apiError(403, "file.malware", "The file is quarantined")
export const policyForbidden = apiError(403, "policy.file.allow", "Not allowed by the file policy")
export const fileNotFound = apiError(404, "store.sql_file.get_with_profile.app_error", "sql: no rows in result set")
export const routeNotFound = apiError(404, "api.context.404.app_error", "Not found")
export const fileUnreadable = apiError(500, "api.file.reader.reading_local.app_error", "no such file or directory")

/** The body of an error. */
export const errorBody = (
  { detail, id, status }: ApiError,
  requestId: string
): Readonly<Record<string, string | number>> => ({
  id,
  status: statusTexts[status],
  detail,
  request_id: requestId,
  code: status
})

/** An error of the storage's own HTTP, or of the gateway where it passes errors on as they are. */
export const errorAnswer = (error: ApiError, requestId: string): Answer =>
  jsonAnswer(error.status, errorBody(error, requestId))

// What the services cannot say in a status of gRPC they call internal; the storage's can say that something is not there.
const gatewayStatus = (error: ApiError, service: "engine" | "storage" | "gateway"): ApiError["status"] =>
  error.status === 404 && service === "engine" ? 500 : error.status

/** An error behind the gateway: as it is, or as a status whose message is the error's JSON. */
export const gatewayAnswer = (
  error: ApiError,
  requestId: string,
  envelope: "error" | "status",
  service: "engine" | "storage" | "gateway" = "engine"
): Answer => {
  const status = gatewayStatus(error, service)
  const body = errorBody(error, requestId)
  return envelope === "error"
    ? jsonAnswer(status, body)
    : jsonAnswer(status, { code: grpcCodes[status], message: JSON.stringify(body), details: [] })
}

/** Too many requests, as the web server in front says it: a page, and no word of when to come again. */
export const tooManyRequests = (): Answer => {
  const page = "<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body></body>\r\n</html>\r\n"
  const body = new TextEncoder().encode(page)
  return { status: 429, headers: { "content-type": "text/html" }, body: { length: body.length, pieces: () => [body] } }
}
