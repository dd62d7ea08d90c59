import { expect, it } from 'vitest';
import { check } from './expand-and-contract-in-one-release';
import { sqlCheck } from '../testing/sql-check';

const scripts = {
  '0001_base.up.sql': 'CREATE TABLE memories (id int, valence int); CREATE TABLE links (id int, note text);',
  '0002_add.up.sql': 'ALTER TABLE memories ADD COLUMN valence_new real;',
  '0003_drop.up.sql': 'ALTER TABLE memories DROP COLUMN valence;',
  '0004_other.up.sql': 'ALTER TABLE links DROP COLUMN note;',
};
const { reports, silentOn } = sqlCheck(check, scripts);
const head = `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    migrations: [0001_base]
  - version: 2.0.0
    migrations:
      - { id: 0002_add, phase: expand }
`;

it('marks the contract step of the change that the release expands', async () => {
  const manifest = `${head}      - { id: 0003_drop, phase: contract }
#                               ^^^^^^^^ expand-and-contract-in-one-release
`;
  const [finding] = await reports({ 'upgrade.yaml': manifest });
  expect(finding).toMatchObject({
    message: '0003_drop may break 1.0.0, which may run at the same time as 2.0.0',
    details:
      '0002_add (expand) and 0003_drop (contract) are in the same release, so running releases have not moved to the new schema yet.',
    advice: 'Move 0003_drop to a release after 2.0.0.',
    related: [{ message: 'The expand step is in the same release.' }],
  });
});

it('is silent across releases, on other tables, and where releases do not run at the same time', async () => {
  const later = `${head}  - version: 3.0.0\n    migrations:\n      - { id: 0003_drop, phase: contract }\n`;
  await silentOn({ 'upgrade.yaml': later });
  await silentOn({ 'upgrade.yaml': `${head}      - { id: 0004_other, phase: contract }\n` });
  const alone = `${head}      - { id: 0003_drop, phase: contract }\n`.replace('system: mem8', 'system: mem8\nwindow: 0');
  await silentOn({ 'upgrade.yaml': alone });
});
