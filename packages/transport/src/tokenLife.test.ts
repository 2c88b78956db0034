import { Duration } from "effect"
import { expect, it } from "vitest"
import { tokenLife } from "./tokenLife.ts"

it.each([
  [3600, 3600],
  ["1800", 1800],
  [0, 60],
  [-5, 60],
  ["", 60],
  ["soon", 60],
  [Infinity, 60],
  [null, 60],
  [undefined, 60]
])("a life of %j is %i seconds", (expiresIn, seconds) => {
  expect(Duration.toSeconds(tokenLife(expiresIn, Duration.minutes(1)))).toBe(seconds)
})
