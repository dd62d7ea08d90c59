import { beforeAll, describe, expect, it } from 'vitest';
import { serverFeatures } from '#engine/databases/postgresql/sql/server-versions';
import { postgresqlMajors } from '../../scripts/lib/postgresql-majors.mjs';
import { unexplained, unneeded, type Place } from './compare';
import { isTooOld } from './measure-features';
import { measureMajors, type MeasuredMajor } from './measure-majors';
import { statements } from './statements';

const majors = Object.keys(postgresqlMajors).map(Number);
/** Where npm is known to ship every major. */
const mustBeThere = process.platform === 'linux' && process.arch === 'x64';

let measured: ReadonlyMap<number, MeasuredMajor>;
beforeAll(async () => {
  measured = await measureMajors(majors);
});

describe.each(majors)('PostgreSQL %i', (major) => {
  const place: Place = { major, where: 'servers' };

  it('is measured, where npm ships it', () => {
    const { missing, serverVersion = '' } = measured.get(major) ?? {};
    if (mustBeThere) expect(missing).toBeUndefined();
    if (missing === undefined) expect(Number.parseInt(serverVersion, 10)).toBe(major);
  });

  it('does what the data say', () => {
    const facts = measured.get(major)?.facts;
    if (!facts) return;
    expect(unexplained(statements, facts, place)).toEqual([]);
    expect(unneeded(statements, facts, place)).toEqual([]);
  });

  it('refuses newer features and accepts older ones', () => {
    const wrong = (measured.get(major)?.features ?? []).flatMap(({ example, refusal }) => {
      const since = serverFeatures.find(({ feature }) => feature === example.feature)?.since ?? 0;
      const right = major < since ? isTooOld(refusal) : refusal === undefined;
      return right ? [] : [`${example.sql} (since ${since}): ${refusal ? `${refusal.sqlstate} ${refusal.message}` : 'accepted'}`];
    });
    expect(wrong).toEqual([]);
  });
});
