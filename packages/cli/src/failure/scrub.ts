/**
 * Takes out of a text what must not be shown: the secrets known by value, credentials and queries of URLs, tokens, and
 * whatever may be a phone number. For messages that callreel did not write itself, where nothing can be trusted.
 */
export const scrub = (text: string, secrets: Iterable<string>): string => {
  let clean = text
  for (const secret of secrets) if (secret !== "") clean = clean.replaceAll(secret, "[secret]")
  return clean
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, "$1 [secret]")
    .replaceAll(/(\/\/)[^\s/@]+@/g, "$1[secret]@")
    .replaceAll(/\?[^\s"'<>]*=[^\s"'<>]*/g, "?[query]")
    .replaceAll(/\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g, "[token]")
    .replaceAll(/\b(?=\w*\d)(?=\w*[A-Za-z])[\w-]{24,}\b/g, "[token]")
    .replaceAll(/\+?\d[\d\s().-]{5,}\d/g, "[number]")
}
