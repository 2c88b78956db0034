/** Loaded before a program (`node --import`), writes the address of every module that it loads into `modules.log`. */
import { writeFileSync } from "node:fs"
import { registerHooks } from "node:module"

const addresses = new Set<string>()
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context)
    addresses.add(resolved.url)
    return resolved
  }
})
process.on("exit", () => writeFileSync("modules.log", [...addresses].join("\n")))
