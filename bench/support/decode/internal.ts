/**
 * A module inside one of our packages, compiled. What is measured here is what a package keeps to itself, and a project
 * cannot import another one's files by a path: the types come with `import type`, the module by its address.
 *
 * @param path below `packages`: `webitel/dist/internal/map.js`
 * @param names what is needed of it; throws where it has not all of that
 */
export const internal = async <Module>(
  path: string,
  ...names: ReadonlyArray<string & keyof Module>
): Promise<Module> => {
  const loaded: unknown = await import(new URL(`../../../packages/${path}`, import.meta.url).href)
  if (!offers<Module>(loaded, names)) throw new Error(`packages/${path} lacks one of ${names.join(", ")}`)
  return loaded
}

const offers = <Module>(loaded: unknown, names: ReadonlyArray<string & keyof Module>): loaded is Module =>
  typeof loaded === "object" && loaded !== null && names.every((name) => name in loaded)
