import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '#engine/databases/postgresql/sql/library';
import { parseStatements } from '#engine/databases/postgresql/sql/parser';
import { newerThan, oldestKnownMajor, serverFeatures } from '#engine/databases/postgresql/sql/server-versions';
import { examples } from './features';

beforeAll(loadSqlParser);

function featuresOf(sql: string, minimum: number) {
  return parseStatements(sql).flatMap(({ node, error, text }) => {
    if (!node) throw new Error(`${sql}: ${error?.message}`);
    return newerThan(node, minimum, text);
  });
}

it('has an example of every feature that is told, and of no other', () => {
  expect([...new Set(examples.map(({ feature }) => feature))].sort()).toEqual(serverFeatures.map(({ feature }) => feature).sort());
});

it.each(examples)('tells $feature in: $sql', ({ feature, sql }) => {
  const first = serverFeatures.find((each) => each.feature === feature)?.since ?? 0;
  expect(first).toBeGreaterThan(oldestKnownMajor);
  const found = featuresOf(sql, first - 1);
  expect(found.map((each) => each.feature)).toEqual([feature]);
  expect(found[0]?.since).toBe(first);
  expect(featuresOf(sql, first)).toEqual([]);
});

it('needs no newer server for the setup of an example than for the example', () => {
  for (const { feature, setup, sql } of examples) {
    const first = serverFeatures.find((each) => each.feature === feature)?.since ?? 0;
    expect(
      (setup ?? []).flatMap((each) => featuresOf(each, first)),
      sql,
    ).toEqual([]);
  }
});
