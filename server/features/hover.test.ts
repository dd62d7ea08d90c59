import { afterAll, beforeAll, expect, it } from 'vitest';
import { HoverRequest } from 'vscode-languageserver-protocol';
import { TestEditor } from '../testing/test-editor';

let editor: TestEditor;
beforeAll(async () => {
  editor = await TestEditor.start(
    {
      'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    features: { search: preview }
    migrations: [0001_memories]
  - version: 1.1.0
    from: "^1.0.0"
    features: { search: stable }
    migrations: [0002_kind]
  - version: 2.0.0
    from: ">=1.0.0 <2.0.0"
    features: { wave: preview }
stops: [1.1.0]
risks:
  - { name: Slow, from: 1.1.0, to: 2.0.0, message: It takes an hour. }
`,
      'migrations/0001_memories.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);\n',
      'migrations/0002_kind.sql': 'ALTER TABLE memories DROP kind;\n',
    },
    { settings: { check: { shadow: false } } },
  );
  await editor.open('upgrade.yaml');
  await editor.findings('upgrade.yaml');
});
afterAll(() => editor.stop());

const cases: [what: string, needle: string, told: string[]][] = [
  [
    'which releases run beside it',
    '1.1.0',
    ['1.0.0 may still run at the same time', 'From 1.0.0: 1.0.0 → 1.1.0', 'It cannot be rolled back'],
  ],
  ['why a way is blocked', '2.0.0\n    from', ['The upgrade path from 1.1.0 to 2.0.0 is blocked', 'need a major version bump']],
  ['what a stop means', '1.1.0]', ['a required stop', 'Every upgrade path from 1.0.0 to 2.0.0 stops here']],
  ['what a range covers', '^1.0.0"', ['Covers 1.0.0 and 1.1.0']],
  ['what of a range a stop cuts off', '>=1.0', ['Covers 1.0.0 and 1.1.0', 'There is no upgrade path from 1.0.0']],
  ['the row of a feature', 'search: stable', ['| release | 1.0.0 | 1.1.0 | 2.0.0 |', '| search | preview | stable | – |']],
  ['the phase of a migration', '0002_kind', ['Phase: contract, inferred from its script', 'Has no down script']],
  ['which ways a risk blocks', 'Slow', ['**Slow** blocks these upgrade paths', '1.1.0 → 2.0.0']],
  ['what a key means', 'system', ['The name of the system']],
];

it.each(cases)('tells %s', async (_, needle, told) => {
  const position = editor.position('upgrade.yaml', needle, 1);
  const hover = await editor.connection.sendRequest(HoverRequest.type, { textDocument: { uri: editor.uri('upgrade.yaml') }, position });
  const text = hover && typeof hover.contents === 'object' && 'value' in hover.contents ? hover.contents.value : '';
  for (const each of told) expect(text).toContain(each);
});
