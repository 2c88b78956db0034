/** The question where a file lies (docs/vendors/webitel.md#files). Every value is a parameter. */
import type { SqlClient } from "effect/sql/SqlClient"
import type { Statement } from "effect/sql/Statement"
import * as t from "io-ts"
import { StoredFile } from "./storedFile.ts"

/** What {@link rowOfFile} answers with. */
export const StoredFileRows = t.array(t.type({ file: StoredFile }), "StoredFileRows")

/** Whether a text can be the id of a file: of a bigint that is not negative. */
export const isFileId = (id: string): boolean => /^\d{1,18}$/.test(id)

/** The row of a file of the domain, without what is not set. */
export const rowOfFile = (
  sql: SqlClient,
  domain: string,
  fileId: string
): Statement<Readonly<Record<string, unknown>>> => sql`
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'profile', f.profile_id::text,
    'name', f.name,
    'size', f.size::text,
    'mime_type', f.mime_type,
    'channel', f.channel,
    'directory', f.properties ->> 'directory',
    'location', f.properties ->> 'location',
    'encrypted', f.properties ->> 'encrypted',
    'removed', f.removed::text,
    'not_exists', f.not_exists::text,
    'malware', CASE WHEN f.malware IS NOT NULL THEN coalesce(f.malware ->> 'found', 'unknown') END
  )) AS file
  FROM storage.files f
  WHERE f.id = ${fileId}::bigint AND f.domain_id = ${domain}::bigint`
