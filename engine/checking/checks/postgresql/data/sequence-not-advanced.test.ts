import { expect, it } from 'vitest';
import { check } from './sequence-not-advanced';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn, afterFix } = sqlCheck(
  check,
  'CREATE TABLE kinds (id serial PRIMARY KEY, name text);\nCREATE TABLE plain (id int PRIMARY KEY);',
);

it('marks the column of the last such insert and moves the sequence on by a fix', async () => {
  const script = `INSERT INTO kinds (id, name) VALUES (1, 'a');
INSERT INTO kinds (id, name) VALUES (2, 'b'), (3, 'c');
--                 ^^ sequence-not-advanced
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ severity: 'warning', hazards: ['P57'] });
  expect(await afterFix(script, { also: [statementFails] })).toContain(
    "'c');\nSELECT setval(pg_get_serial_sequence('kinds', 'id'), (SELECT max(id) FROM kinds));",
  );
});

it('counts columns where the insert names none', () =>
  reports(`INSERT INTO kinds VALUES (7, 'a');
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sequence-not-advanced
`));

it('is silent where the sequence is moved on, gives the numbers, or there is none', () =>
  silentOn({
    '0002_rows.up.sql': `INSERT INTO plain (id) VALUES (1);
INSERT INTO kinds (name) VALUES ('a');
INSERT INTO kinds (id, name) VALUES (DEFAULT, 'b'), (nextval('kinds_id_seq'), 'c'), (0, 'none'), (-1, 'unknown');`,
    '0003_more.up.sql': "INSERT INTO kinds (id, name) VALUES (100, 'd');\nSELECT setval('kinds_id_seq', 100);",
    '0004_more.up.sql': "INSERT INTO kinds (id, name) VALUES (200, 'e');\nALTER SEQUENCE kinds_id_seq RESTART WITH 201;",
  }));
