/** `/api/userinfo` and `/api/login`: who a token is, and a token for who one is. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { Context } from "./context.ts"
import { type ApiError, invalidArgument, sessionInvalid } from "./errors.ts"
import { isObject, parseJson } from "./Json.ts"
import type { Session } from "./sessions.ts"
import { flag, int64, list, text } from "./wire.ts"

/** What the session may do: classes with the letters of what is allowed, and the actions beside them. */
export const userinfo = ({ settings, write }: Context, session: Session): Answer => {
  const scope = Object.entries(session.access)
    .filter(([, access]) => access !== "")
    .map(([name, access], index) =>
      write(`class ${name}`, {
        id: int64(100 + index),
        class: text(name),
        name: text(name),
        obac: flag(true),
        abac: flag(true),
        rbac: flag(false),
        access: text(access)
      })
    )
  const permissions = Array.from(session.actions, (id) => write(`action ${id}`, { id: text(id), name: text(id) }))
  return jsonAnswer(
    200,
    write(`user ${session.name}`, {
      dc: int64(session.domain),
      domain: text(session.domain === settings.domain ? settings.domainName : "other.example"),
      user_id: int64(5),
      username: text("records"),
      name: text(session.name),
      extension: text(undefined),
      scope: list(scope),
      permissions: list(permissions),
      roles: list([]),
      license: list([]),
      updated_at: int64(Date.UTC(2026, 0, 1)),
      // A token of a user that does not expire has none.
      expires_at: int64(session.expiresAt?.getTime())
    })
  )
}

const loginSeconds = 12 * 3600

/** A token for the name and password of a user. */
export const logIn = ({ sessions, settings }: Context, body: string): Answer | ApiError => {
  const request = parseJson(body)
  if (!isObject(request)) return invalidArgument()
  const { domain, password, username } = settings.login
  const isRight = request["domain"] === domain && request["username"] === username && request["password"] === password
  if (!isRight) return sessionInvalid("Invalid username or password")
  return jsonAnswer(200, {
    authorization: {
      access_token: sessions.mint(loginSeconds),
      token_type: "Bearer",
      expires_in: String(loginSeconds),
      refresh_token: ""
    }
  })
}
