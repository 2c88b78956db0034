import { Effect, Redacted, Result, type Scope } from "effect"
import { constants } from "node:fs"
import { access, chmod, mkdir, stat, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { ArchiveError } from "./ArchiveError.ts"
import { ledgerError } from "./internal/ledger/errors.ts"
import { migrate } from "./internal/ledger/schema.ts"
import { sqliteClient } from "./internal/ledger/sqlite.ts"
import { sqliteLock } from "./internal/ledger/sqliteLock.ts"
import { sqlLedger } from "./internal/ledger/sqlLedger.ts"
import { systemErrorCode } from "./internal/systemError.ts"
import { mustExist, noArchive, type OpenOptions } from "./internal/whereMissing.ts"
import type { Ledger } from "./Ledger.ts"

/** Where a ledger is: a file for SQLite, or the address of a PostgreSQL database of its own. */
export type LedgerLocation = { readonly file: string } | { readonly postgres: Redacted.Redacted<string> }

/**
 * Opens a ledger and makes it where there is none, or fails if that is asked for. Its file is readable by its owner alone; what is in it is personal
 * data, and not encrypted.
 *
 * Fails with `Ledger` where it cannot be used, is damaged, or was made by a later version of callreel.
 */
export const openLedger = (
  location: LedgerLocation,
  options: OpenOptions = {}
): Effect.Effect<Ledger, ArchiveError, Scope.Scope> =>
  "file" in location ? openFile(location.file, options) : openPostgres(location.postgres, options)

const openFile = (file: string, options: OpenOptions): Effect.Effect<Ledger, ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* mustExist(file, options)
    const prepared = yield* Effect.result(prepareFile(file))
    // A look needs no writing, where nothing waits beside the file to be written into it.
    const readOnly = Result.isFailure(prepared) && options.whereMissing === "fail" && (yield* isSettled(file))
    if (Result.isFailure(prepared) && !readOnly) return yield* prepared.failure
    const sql = yield* sqliteClient(file, { readOnly })
    yield* migrate(sql, file)
    return yield* sqlLedger(sql, file, sqliteLock(file))
  }).pipe(Effect.mapError((error) => (error._tag === "SqlError" ? ledgerError(file)(error) : error)))

/**
 * The file with its rights, before SQLite makes it: the files beside it get the same. One that is there is not opened:
 * closing it again would end the locks that this process has on it.
 */
const prepareFile = (file: string): Effect.Effect<void, ArchiveError> =>
  asking(() => mkdir(dirname(file), { recursive: true, mode: 0o700 })).pipe(
    Effect.andThen(asking(() => writeFile(file, "", { flag: "wx", mode: 0o600 }))),
    Effect.catchIf(
      (code) => code === "EEXIST",
      () => asking(async () => ((await stat(file)).isFile() ? chmod(file, 0o600) : undefined))
    ),
    Effect.mapError(
      (code) =>
        new ArchiveError({
          reason: "Ledger",
          detail: `the ledger ${file} cannot be written (${code})`,
          remedy: "its folder must be writable"
        })
    )
  )

/** Whether the file can be read by itself: the log beside it, which a process that was killed leaves, is empty or not there. */
const isSettled = (file: string): Effect.Effect<boolean> =>
  asking(() => access(file, constants.R_OK)).pipe(
    Effect.andThen(asking(() => stat(`${file}-wal`))),
    Effect.match({ onSuccess: ({ size }) => size === 0, onFailure: (code) => code === "ENOENT" })
  )

/** Asks the file system; fails with its code. */
const asking = <A>(operation: () => Promise<A>): Effect.Effect<A, string> =>
  Effect.tryPromise({ try: operation, catch: (error) => systemErrorCode(error) ?? "no reason given" })

const openPostgres = (
  url: Redacted.Redacted<string>,
  { whereMissing }: OpenOptions
): Effect.Effect<Ledger, ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    const name = nameOf(url)
    // A large library, for those who use it.
    const { postgresClient, postgresLock } = yield* Effect.promise(() => import("./internal/ledger/postgres.ts"))
    return yield* Effect.gen(function* () {
      const sql = yield* postgresClient(url)
      if (whereMissing === "fail") {
        const [found] = yield* sql<{ readonly name: string | null }>`SELECT to_regclass('ledger')::text AS name`
        if (found?.name == null) return yield* noArchive(name)
      }
      yield* migrate(sql, name)
      return yield* sqlLedger(sql, name, postgresLock(sql))
    }).pipe(Effect.mapError((error) => (error._tag === "SqlError" ? ledgerError(name)(error) : error)))
  })

/** The address without user, password and parameters. */
const nameOf = (url: Redacted.Redacted<string>): string => {
  const parsed = URL.parse(Redacted.value(url))
  return parsed === null ? "postgres" : `postgres://${parsed.host}${parsed.pathname}`
}
