import { expect, it } from 'vitest';
import type { Check } from '../check';
import { appendTo, fix, replaceStatement } from '../postgresql/support/fixes';
import { fileCheck } from '../testing/sql-check';

const sql = 'CREATE UNIQUE INDEX owners_email ON owners (email);';

/** Offers one fix that every server knows, and one that only newer ones know. */
const mender: Check = {
  id: 'statement-mender',
  hazards: [],
  group: 'data',
  severity: 'warning',
  summary: 'Mends statements.',
  *statement(context) {
    const { statement } = context;
    const fixes = [
      fix(context, 'where', [appendTo(statement, ' WHERE email IS NOT NULL')]),
      fix(context, 'nulls', [appendTo(statement, ' NULLS NOT DISTINCT')]),
      fix(context, 'renamed', [replaceStatement(statement, statement.text.replace('owners_email', 'owners_mail'))]),
    ];
    yield { range: statement, message: statement.text, fixes };
  },
};

async function titles(text: string, minimum: number): Promise<string[]> {
  const findings = await fileCheck(mender).findingsIn(text, { minimum });
  return findings.flatMap(({ fixes }) => fixes.map(({ title }) => title));
}

it('offers no fix that the oldest server does not know', async () => {
  expect(await titles(sql, 15)).toEqual(['where', 'nulls', 'renamed']);
  expect(await titles(sql, 14)).toEqual(['where', 'renamed']);
});

it('does not hold against a fix what the statement used before', async () => {
  expect(await titles(sql.replace(';', ' NULLS NOT DISTINCT;'), 14)).toContain('renamed');
});
