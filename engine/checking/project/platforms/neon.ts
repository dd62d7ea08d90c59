import type { Platform } from './platform';

/** Neon, recognised by the `.neon` file of its command line: its roles, and the table of users that it synchronises. */
export const neon: Platform = {
  name: 'Neon',
  isUsed: (around) => Promise.resolve(around.some(({ names }) => names.includes('.neon'))),
  sql: `
CREATE ROLE cloud_admin;
CREATE ROLE neon_superuser;
CREATE ROLE neondb_owner;
CREATE ROLE authenticated;
CREATE ROLE anonymous;
CREATE SCHEMA neon_auth;
CREATE TABLE neon_auth.users_sync (
  raw_json jsonb NOT NULL, id text PRIMARY KEY GENERATED ALWAYS AS (raw_json ->> 'id') STORED,
  name text GENERATED ALWAYS AS (raw_json ->> 'display_name') STORED, email text GENERATED ALWAYS AS (raw_json ->> 'primary_email') STORED,
  created_at timestamptz, updated_at timestamptz, deleted_at timestamptz
);
CREATE SCHEMA auth;
CREATE FUNCTION auth.user_id() RETURNS text LANGUAGE sql STABLE AS $$SELECT nullif(current_setting('request.jwt.claim.sub', true), '')$$;
CREATE FUNCTION auth.session() RETURNS jsonb LANGUAGE sql STABLE AS $$SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb$$;
`,
};
