/** A JSON schema of what may also be null. */
export const maybe = (...types: ReadonlyArray<string>) => ({ type: [...types, "null"] })

/** A JSON schema of an object, of which nothing is required and other keys are left alone; it may also be null. */
export const maybeObject = <Properties>(properties: Properties) => ({ type: ["object", "null"], properties })

/** A JSON schema of an array, which may also be null. */
export const maybeArray = <Items>(items: Items) => ({ type: ["array", "null"], items })
