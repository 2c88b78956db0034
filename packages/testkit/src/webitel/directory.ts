/** The tenant's people and things: users, agents, queues, teams and gateways, from the world's extensions. */
import type { SimulatedExtension } from "../calls/SimulatedCall.ts"

/** What the API calls a lookup. */
export interface NamedId {
  readonly id: string
  readonly name: string
}

export interface User extends NamedId {
  /** The short number people dial. */
  readonly extension: string
}

/** What a queue knows of a leg: who took it, and when. Times in milliseconds since the epoch. */
export interface QueueMember {
  readonly agent: NamedId | undefined
  readonly team: NamedId | undefined
  readonly attemptId: string
  readonly joinedAt: number
  readonly bridgedAt: number | undefined
  readonly leavingAt: number
  /** When the agent had finished the work after the call; undefined where there was none. */
  readonly reportingAt: number | undefined
}

export interface Queue extends NamedId {
  readonly type: number
  readonly teamId: string
}

export interface Directory {
  readonly users: ReadonlyArray<User>
  readonly agents: ReadonlyArray<NamedId & { readonly userId: string; readonly teamId: string }>
  readonly queues: ReadonlyArray<Queue>
  readonly teams: ReadonlyArray<NamedId>
  readonly gateways: readonly [NamedId, NamedId]
  /** The user behind a phone. */
  readonly userOf: (extension: SimulatedExtension) => User
  /** The agent that a user is. */
  readonly agentOf: (user: User) => NamedId
  readonly queueOf: (extension: SimulatedExtension) => Queue
}

const inboundQueue = 1

const byNumber = <A>(
  extensions: ReadonlyArray<SimulatedExtension>,
  make: (extension: SimulatedExtension, index: number) => A
): { readonly all: ReadonlyArray<A>; readonly of: (extension: SimulatedExtension) => A } => {
  const made = new Map<string, A>()
  extensions.forEach((extension, index) => made.set(extension.id, make(extension, index)))
  return { all: Array.from(made.values()), of: (extension) => made.get(extension.id) ?? make(extension, 900) }
}

/** The directory of a tenant whose world has these extensions. */
export const makeDirectory = (extensions: ReadonlyArray<SimulatedExtension>): Directory => {
  const teams = [
    { id: "1", name: "Перша лінія" },
    { id: "2", name: "Back office" }
  ]
  const phones = extensions.filter(({ type }) => type === "phone")
  const users = byNumber(phones, ({ name, number }, index): User => ({
    id: String(10 + index),
    name,
    extension: number
  }))
  const agents = users.all.map(({ id, name }, index) => ({
    id: String(3 + index),
    name,
    userId: id,
    teamId: String(1 + (index % 2))
  }))
  const queues = byNumber(
    extensions.filter(({ type }) => type === "queue"),
    ({ name }, index): Queue => ({ id: String(7 + index), name, type: inboundQueue, teamId: String(1 + (index % 2)) })
  )
  return {
    users: users.all,
    agents,
    queues: queues.all,
    teams,
    gateways: [
      { id: "21", name: "Kyivstar" },
      { id: "22", name: "Intertelecom trunk" }
    ],
    userOf: users.of,
    agentOf: (user) => agents.find(({ userId }) => userId === user.id) ?? { id: "999", name: user.name },
    queueOf: queues.of
  }
}
