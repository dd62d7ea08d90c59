import { expect, it } from 'vitest';
import { check } from './cut-at-semicolon';
import { fileCheck } from '../testing/sql-check';

const { findingsIn, reports, silentOn } = fileCheck(check);

const Makefile = 'migrate:\n\tmigrate -path . -database "postgres://localhost/db?x-multi-statement=true" up\n';
const body = 'CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;\n';

it('reports semicolons inside statements if golang-migrate cuts at them', async () => {
  const [finding] = await reports({
    Makefile,
    '0001_a.up.sql': `;
CREATE TABLE memories (id bigint PRIMARY KEY, kind text DEFAULT ';');
                                                              -- ^ cut-at-semicolon
${body}                                                                    -- ^ cut-at-semicolon
SELECT 1;
`,
  });
  expect(finding?.message).toBe('Fails: golang-migrate cuts the statement at this semicolon (x-multi-statement)');
  expect(finding?.advice).toBe('Remove the semicolon, or run the script without x-multi-statement.');
});

it('is silent if it does not', async () => {
  await silentOn({ '0001_a.up.sql': body });
  await silentOn({ Makefile, '0001_a.up.sql': 'SELECT 1;\nSELECT 2;;\n' });
  const off = { Makefile, '0001_a.up.sql': body, '../.mem8-upgrade.yaml': 'multiStatement: false\n' };
  await silentOn(off);
});

it('follows the settings', async () => {
  const on = { '0001_a.up.sql': body, '../.mem8-upgrade.yaml': 'multiStatement: true\n' };
  expect(await findingsIn(on)).toHaveLength(1);
  const manifest =
    'manifest: 1\nsystem: s\nmigrations: { multiStatement: true }\nreleases:\n  - { version: 1.0.0, migrations: [0001_a] }\n';
  expect(await findingsIn({ '0001_a.up.sql': body, 'upgrade.yaml': manifest })).toHaveLength(1);
});
