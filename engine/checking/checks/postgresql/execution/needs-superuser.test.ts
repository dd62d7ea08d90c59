import { expect, it } from 'vitest';
import { check } from './needs-superuser';
import { fileCheck } from '../../testing/sql-check';

const { reports, silentOn } = fileCheck(check);

it('marks what only a superuser may do', async () => {
  const findings = await reports(`CREATE EXTENSION IF NOT EXISTS postgis;
--                             ^^^^^^^ needs-superuser
ALTER SYSTEM SET work_mem TO 1000;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ needs-superuser
COPY kinds FROM '/srv/kinds.csv';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ needs-superuser
SET session_replication_role = replica;
--  ^^^^^^^^^^^^^^^^^^^^^^^^ needs-superuser
CREATE ROLE admin SUPERUSER;
--^^^^^^^^^^^^^^^^^^^^^^^^^ needs-superuser
CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib', 'f';
--                                       ^ needs-superuser
GRANT pg_monitor TO admin;
--    ^^^^^^^^^^ needs-superuser
ALTER TABLE kinds DISABLE TRIGGER ALL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ needs-superuser
`);
  expect(findings.every(({ severity, verified }) => severity === 'info' && !verified)).toBe(true);
});

it('leaves alone what the owner of a database may do', () =>
  silentOn(`CREATE EXTENSION pgcrypto;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
COPY kinds FROM STDIN;
1\ta
\\.
SET statement_timeout = 1000;
CREATE ROLE app LOGIN NOSUPERUSER;
GRANT app TO other;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE kinds DISABLE TRIGGER USER;`));
