/** Loaded before a measured program: takes our packages as they are published, compiled, and not their sources. */
import { registerHooks } from "node:module"

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context)
    const url = resolved.url.replace(/\/packages\/([^/]+)\/src\/(.*)\.ts$/, "/packages/$1/dist/$2.js")
    return { ...resolved, url, format: url === resolved.url ? resolved.format : "module" }
  }
})
