/** What the command runs with (docs/decisions/0005-memory-of-the-command.md). */
export const commandFlags = ["--max-semi-space-size=8", "--heap-growing-percent=50"]
