/** Tables of a Webitel database, as far as calls and their files go: our own statements, with the columns as they are. */

/** Creates schemas, tables and the indexes that matter. */
export const ddl = `
CREATE SCHEMA call_center;
CREATE SCHEMA storage;
CREATE SCHEMA directory;

CREATE TABLE call_center.cc_calls_history (
  id uuid NOT NULL,
  direction varchar,
  destination varchar,
  parent_id uuid,
  app_id varchar NOT NULL,
  from_type varchar,
  from_name varchar,
  from_number varchar,
  from_id varchar,
  to_type varchar,
  to_name varchar,
  to_number varchar,
  to_id varchar,
  payload jsonb,
  domain_id bigint NOT NULL,
  hold_sec integer,
  cause varchar,
  sip_code integer,
  bridged_id uuid,
  gateway_id bigint,
  user_id integer,
  queue_id integer,
  team_id integer,
  agent_id integer,
  attempt_id bigint,
  member_id bigint,
  duration integer NOT NULL DEFAULT 0,
  description varchar,
  tags varchar[],
  answered_at timestamptz,
  bridged_at timestamptz,
  hangup_at timestamptz,
  created_at timestamptz NOT NULL,
  hangup_by varchar,
  stored_at timestamptz NOT NULL DEFAULT now(),
  rating smallint,
  notes text,
  transfer_from uuid,
  transfer_to uuid,
  amd_result varchar,
  amd_duration interval,
  grantee_id bigint,
  hold jsonb,
  agent_ids integer[],
  user_ids bigint[],
  queue_ids integer[],
  gateway_ids bigint[],
  team_ids integer[],
  params jsonb,
  blind_transfer varchar,
  talk_sec integer NOT NULL DEFAULT 0,
  amd_ai_result varchar,
  amd_ai_logs varchar[],
  amd_ai_positive boolean,
  contact_id bigint,
  search_number text,
  hide_missed boolean,
  redial_id uuid,
  schema_ids integer[],
  hangup_phrase varchar,
  blind_transfers jsonb,
  destination_name text,
  attempt_ids bigint[],
  progress_at timestamptz,
  PRIMARY KEY (id, domain_id)
);
CREATE INDEX cc_calls_history_created_at ON call_center.cc_calls_history (domain_id, created_at DESC);
CREATE INDEX cc_calls_history_stored_at ON call_center.cc_calls_history (domain_id, stored_at DESC);
CREATE INDEX cc_calls_history_parent_id ON call_center.cc_calls_history (parent_id);

CREATE TABLE call_center.cc_queue (
  id integer PRIMARY KEY,
  domain_id bigint NOT NULL,
  name varchar NOT NULL,
  type integer NOT NULL,
  enabled boolean NOT NULL,
  team_id integer
);

CREATE TABLE call_center.cc_team (
  id integer PRIMARY KEY,
  domain_id bigint NOT NULL,
  name varchar NOT NULL
);

CREATE TABLE call_center.cc_agent (
  id integer PRIMARY KEY,
  domain_id bigint NOT NULL,
  user_id bigint NOT NULL,
  team_id integer
);

CREATE TABLE directory.wbt_user (
  id bigint PRIMARY KEY,
  dc bigint NOT NULL,
  username varchar NOT NULL,
  name varchar,
  extension varchar
);

CREATE TABLE directory.sip_gateway (
  id bigint PRIMARY KEY,
  dc bigint NOT NULL,
  name varchar NOT NULL
);

CREATE TABLE storage.files (
  id bigint PRIMARY KEY,
  name varchar NOT NULL,
  size bigint NOT NULL,
  mime_type varchar,
  properties jsonb NOT NULL,
  instance varchar(50),
  uuid varchar NOT NULL,
  profile_id integer,
  created_at bigint,
  removed boolean,
  not_exists boolean,
  domain_id bigint NOT NULL,
  view_name varchar,
  sha256sum varchar,
  channel varchar,
  thumbnail jsonb,
  retention_until timestamptz,
  uploaded_at timestamptz GENERATED ALWAYS AS (to_timestamp(created_at::double precision / 1000)) STORED,
  uploaded_by bigint,
  malware jsonb,
  updated_by bigint,
  custom_properties jsonb
);
CREATE INDEX files_uuid ON storage.files (domain_id, uuid);
CREATE INDEX files_uploaded_at ON storage.files (domain_id, uploaded_at DESC);
CREATE INDEX files_created_at ON storage.files (created_at);
CREATE INDEX files_retention_until ON storage.files (retention_until);

CREATE TABLE storage.upload_file_jobs (
  id bigint PRIMARY KEY,
  state smallint NOT NULL DEFAULT 0,
  name varchar NOT NULL,
  uuid varchar NOT NULL,
  mime_type varchar,
  size bigint NOT NULL,
  created_at bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  domain_id bigint NOT NULL,
  view_name varchar,
  channel varchar
);

CREATE TABLE storage.file_transcript (
  id bigint PRIMARY KEY,
  file_id bigint NOT NULL,
  transcript text,
  log jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  profile_id integer,
  locale varchar,
  phrases jsonb,
  channels jsonb,
  uuid varchar,
  domain_id bigint
);
`
