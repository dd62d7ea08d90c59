import { expect, it } from 'vitest';
import { check } from './unpinned-extension';
import { shop } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, shop, { configuration: { advice: 'hint' } });

it('reports extensions without a version', async () => {
  const findings = await reports(`CREATE EXTENSION pg_trgm;
              -- ^^^^^^^ unpinned-extension
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
                            -- ^^^^^^ unpinned-extension
`);
  expect(findings[0]).toMatchObject({ severity: 'hint', hazards: ['P95'], verified: true });
  expect(findings[0]?.message).toBe('Servers may install different versions of pg_trgm: the script states no version');
  expect(findings[0]?.advice).toBe("State the version that you test with: CREATE EXTENSION pg_trgm VERSION '...';");
});

it('is silent on extensions with a version', () =>
  silentOn(`CREATE EXTENSION hstore VERSION '1.8';
CREATE EXTENSION ltree VERSION '1.3';
ALTER EXTENSION ltree UPDATE;
`));

it('is silent until the configuration gives it a severity', () => sqlCheck(check, shop).silentOn(`CREATE EXTENSION pg_trgm;`));
