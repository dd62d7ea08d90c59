import { expect, it } from 'vitest';
import { TestProject } from '../testing/test-project';
import { checkStatus } from './check-status';

const manifest = `manifest: 1
system: mem8
releases:
  - { version: 1.0.0, published: true, migrations: [0001_a] }
  - { version: 1.1.0, migrations: [0002_b, 0003_c] }
`;
const scripts = {
  'migrations/0001_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY, note text);\n',
  'migrations/0001_a.down.sql': 'DROP TABLE a;\n',
  'migrations/0002_b.up.sql': 'ALTER TABEL a;\n',
  'migrations/0002_b.down.sql': 'DROP INDEX a_note;\n',
  'migrations/0003_c.up.sql': 'CREATE INDEX a_note ON a (note);\nALTER TABLE a DROP COLUMN note;\n',
  'migrations/0003_c.down.sql': 'ALTER TABLE a ADD note json;\n',
};
const idle = { latest: undefined, progress: undefined, isBeginning: false };
const nothing = { migrations: 0, errors: 0, warnings: 0, others: 0, settled: { migrations: 0, by: [], findings: 0 } };

it('counts the migrations and findings of all projects, those that are settled apart', async () => {
  const latest = await (await TestProject.open({ ...scripts, 'upgrade.yaml': manifest })).analysis();
  const open = latest.findings.filter(({ settled }) => !settled);
  expect(open.map(({ severity }) => severity).sort()).toEqual(['error', 'hint', 'warning', 'warning']);
  const status = checkStatus([{ ...idle, latest }, idle]);
  expect(status).toEqual({
    migrations: 3,
    errors: 1,
    warnings: 2,
    others: 1,
    settled: { migrations: 1, by: ['release 1.0.0'], findings: latest.findings.length - open.length },
  });
});

it('adds up the steps of work under way', () => {
  const at = (step: number, steps: number) => ({ ...idle, progress: { step, steps, title: '' } });
  expect(checkStatus([at(1, 3), idle, at(2, 5)])).toEqual({ ...nothing, progress: { done: 3, total: 8 } });
});

it('says that work began before its steps are known, and nothing while none is under way', () => {
  expect(checkStatus([{ ...idle, isBeginning: true }])).toEqual({ ...nothing, progress: { done: 0, total: 0 } });
  expect(checkStatus([idle])).toEqual(nothing);
});
