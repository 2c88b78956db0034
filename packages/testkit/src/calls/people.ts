/** Who calls and who is called: extensions of the account, and the odd numbers and names of the world outside. */
import type { Random } from "../simulator/Random.ts"
import type { SimulatedExtension, SimulatedParty } from "./SimulatedCall.ts"

const staffNames: ReadonlyArray<string> = [
  "Анна Кузнецова",
  "John Smith",
  "Ёлкина Мария-Луиза",
  "王小明",
  "Oleksii Shevchenko",
  "佐藤 花子",
  "Дмитрий О'Нил",
  "Zoë Müller",
  "김민수",
  'Пётр "Петрович" Щукин',
  "Jane Doe",
  "Склад №2"
]

/** The account's extensions by role. */
export interface Staff {
  readonly phones: readonly [SimulatedExtension, ...ReadonlyArray<SimulatedExtension>]
  readonly queues: readonly [SimulatedExtension, ...ReadonlyArray<SimulatedExtension>]
  readonly all: ReadonlyArray<SimulatedExtension>
}

/** Thirteen phones in two groups or none, two queues and a menu. */
export const makeStaff = (random: Random): Staff => {
  const firstId = random.integer(100_000, 800_000)
  const groups = [String(firstId + 5001), String(firstId + 5002), undefined] as const
  const phone = (name: string, index: number): SimulatedExtension => ({
    id: String(firstId + index * 9),
    number: String(541 + index).padStart(4, "0"),
    name,
    type: "phone",
    groupId: groups[index % 3]
  })
  const other = (name: string, index: number, type: "queue" | "ivr"): SimulatedExtension => ({
    id: String(firstId + 700 + index),
    number: String(700 + index).padStart(4, "0"),
    name,
    type,
    groupId: undefined
  })
  const phones = [phone("Приёмная", 0), ...staffNames.map((name, index) => phone(name, index + 1))] as const
  const queues = [other("Отдел продаж", 0, "queue"), other("Support", 1, "queue")] as const
  return { phones, queues, all: [...phones, ...queues, other("Главное меню", 2, "ivr")] }
}

const outsideNames = [
  undefined,
  undefined,
  undefined,
  "Иванов Иван Иванович",
  'ООО "Ромашка", бухгалтерия',
  "陳大文",
  "山田太郎",
  "Smith & Sons <Ltd>",
  "Їжакевич Ґалина",
  "O'Brien; 100%",
  "Ольга 🌸"
] as const

const digits = (random: Random, count: number): string => {
  let text = ""
  while (text.length < count) text += String(random.integer(0, 9))
  return text
}

const numberForms = [
  (random: Random) => `+79${digits(random, 9)}`,
  (random: Random) => `+79${digits(random, 9)}`,
  (random: Random) => `+7495${digits(random, 7)}`,
  (random: Random) => `89${digits(random, 9)}`,
  (random: Random) => `8812${digits(random, 7)}`,
  (random: Random) => `79${digits(random, 9)}`,
  (random: Random) => `7499${digits(random, 7)}`,
  (random: Random) => `+38067${digits(random, 7)}`,
  (random: Random) => `+1415555${digits(random, 4)}`,
  (random: Random) => `+4420794${digits(random, 5)}`
] as const

// Callers may hide; nobody can call a number that hides, so these are for callers only.
const hiddenForms = [
  () => "anonymous",
  (random: Random) => `+7916XXX${digits(random, 4)}`,
  (random: Random) => `01874*0${digits(random, 3)}`,
  (random: Random) => digits(random, 3)
] as const

/** Somebody outside. `caller`: their number may be hidden, masked or short. */
export const outsideParty = (random: Random, caller: boolean): SimulatedParty => {
  const form = caller && random.chance(0.12) ? random.pick(hiddenForms) : random.pick(numberForms)
  return { number: form(random), name: random.pick(outsideNames), extension: undefined }
}

/** The account's own numbers outside, digits without plus. */
export const outsideNumbers = ["74995550101", "78125550102", "79675550103"] as const

/** An extension as one end of a call. */
export const insideParty = (extension: SimulatedExtension): SimulatedParty => ({
  number: extension.number,
  name: extension.name,
  extension
})
