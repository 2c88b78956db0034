/** Without control characters and marks of direction: a caller's name must not move the cursor or reorder a line. */
export const visible = (text: string): string =>
  text.replaceAll(/\s+/g, " ").replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
