import { expect, it } from 'vitest';
import { check } from './constrained-domain';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, shop);

it('reports domains with constraints', async () => {
  const findings = await reports(`CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
    -- ^^^^^^^^^^^^ constrained-domain
CREATE DOMAIN amount AS numeric NOT NULL DEFAULT 0;
    -- ^^^^^^^^^^^^^ constrained-domain
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P88'], verified: true });
  expect(findings[0]?.message).toBe('Constrains domain email: changing the constraint scans every table that uses it');
  expect(findings[0]?.advice).toBe('Use the base type, and add the constraint to each table.');
});

it('is silent on domains without constraints and on constraints of tables', () =>
  silentOn(`CREATE DOMAIN money_amount AS numeric DEFAULT 0;
CREATE TABLE mails (id bigint PRIMARY KEY, address text CHECK (address LIKE '%@%'));
`));
