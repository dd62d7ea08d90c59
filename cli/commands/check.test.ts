import { describe, expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import type { Terminal } from '../terminal';
import { runCommand } from '../testing/run-command';

const first = 'CREATE TABLE t (a int);\n';
const second = 'ALTER TABLE t DROP COLUMN a;\nCREATE INDEX ON t (a);\nSELECT 1 +;\n';

function migrations(root: string, texts: readonly string[]) {
  return Object.fromEntries(texts.map((text, index) => [`${root}/migrations/${index + 1}_m.up.sql`, text]));
}

async function check(texts: readonly string[], words: readonly string[], terminal: Partial<Terminal> = {}) {
  const files = memoryFiles(migrations(terminal.cwd ?? '/project', texts));
  const result = await runCommand(['check', '--no-database', ...words], { files, ...terminal });
  return { ...result, files };
}

interface Sarif {
  runs: {
    tool: { driver: { rules: { id: string; fullDescription?: { text: string }; help?: { text: string; markdown: string } }[] } };
    results: {
      ruleId: string;
      partialFingerprints: Record<string, string>;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
    }[];
  }[];
}

function sarifResults(text: string) {
  return (JSON.parse(text) as Sarif).runs.flatMap(({ results }) => results);
}

const fingerprintsOf = (text: string) => sarifResults(text).map(({ ruleId, partialFingerprints }) => [ruleId, partialFingerprints]);

describe('fingerprints', () => {
  it('are the same in SARIF when lines above change and the repository is elsewhere', async () => {
    const before = await check([first, second], ['--format', 'sarif']);
    const moved = `-- A note.\n\n${second.replace('DROP', '\n  DROP')}`;
    const after = await check([first, moved], ['--format', 'sarif'], { cwd: '/home/me/clone' });
    expect(fingerprintsOf(before.out).length).toBeGreaterThan(1);
    expect(fingerprintsOf(after.out)).toEqual(fingerprintsOf(before.out));
    const lines = (text: string) => sarifResults(text).map(({ locations }) => locations[0]?.physicalLocation.region.startLine);
    expect(lines(after.out)).not.toEqual(lines(before.out));
  });

  it('are one for each finding, and those of the other forms', async () => {
    const sarif = await check([first, second], ['--format', 'sarif']);
    const json = await check([first, second], ['--format', 'json']);
    const gitlab = await check([first, second], ['--format', 'gitlab']);
    const fingerprints = (JSON.parse(json.out) as { findings: { fingerprint: string }[] }).findings.map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    expect((JSON.parse(gitlab.out) as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint)).toEqual(fingerprints);
    expect(sarifResults(sarif.out).map(({ partialFingerprints }) => partialFingerprints)).toEqual(
      fingerprints.map((each) => ({ primaryLocationLineHash: each, 'mem8UpgradeFinding/v1': each })),
    );
  });

  it('and paths for services are those of the repository, where the working directory is a folder of it', async () => {
    const git = async (_: string, words: readonly string[]) =>
      words.join(' ') === 'rev-parse --show-prefix' ? 'services/shop/\n' : undefined;
    const inFolder = { cwd: '/clone/services/shop', git };
    const sarif = await check([first, second], ['--format', 'sarif', '--since', 'none'], inFolder);
    const gitlab = await check([first, second], ['--format', 'gitlab', '--since', 'none'], inFolder);
    const github = await check([first, second], ['--format', 'github', '--since', 'none'], inFolder);
    const text = await check([first, second], ['--since', 'none'], inFolder);
    expect(sarif.out).toContain('"uri": "services/shop/migrations/2_m.up.sql"');
    expect(gitlab.out).toContain('"path": "services/shop/migrations/2_m.up.sql"');
    expect(github.out).toContain('file=services/shop/migrations/2_m.up.sql,');
    expect(text.out).toMatch(/^ {6}migrations\/2_m\.up\.sql:\d+:\d+$/m);
    const files = memoryFiles(migrations('/clone/services/shop', [first, second]));
    const words = ['check', '--no-database', 'services/shop', '--format', 'sarif', '--since', 'none'];
    const atTop = await runCommand(words, { files, cwd: '/clone', git: async () => '\n' });
    expect(fingerprintsOf(atTop.out)).toEqual(fingerprintsOf(sarif.out));
  });
});

it('describes in SARIF the checks that found something, without links that a service does not have', async () => {
  const page =
    '# syntax-error\n\nThe statement\ndoes not parse.\n\n## Fix\n\nSee [the other](other.md) and [PostgreSQL](https://www.postgresql.org/).\n';
  const files = memoryFiles({ ...migrations('/project', [first, second]), '/app/docs/checks/syntax-error.md': page });
  const { out } = await runCommand(['check', '--no-database', '--format', 'sarif'], { files, distribution: '/app/dist' });
  const rules = (JSON.parse(out) as Sarif).runs[0]?.tool.driver.rules ?? [];
  expect(rules.find(({ id }) => id === 'syntax-error')).toMatchObject({
    fullDescription: { text: 'The statement does not parse.' },
    help: {
      text: 'The statement does not parse.',
      markdown: 'The statement\ndoes not parse.\n\n## Fix\n\nSee the other and [PostgreSQL](https://www.postgresql.org/).',
    },
  });
  expect(rules.find(({ id }) => id === 'drop-column')).not.toHaveProperty('help');
});

it('writes a code quality report for GitLab', async () => {
  const { out, code } = await check([first, second], ['--format', 'gitlab']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toContainEqual({
    description: expect.stringMatching(/./),
    check_name: 'syntax-error',
    fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    severity: 'critical',
    location: { path: 'migrations/2_m.up.sql', lines: { begin: 3, end: 3 } },
  });
  expect(JSON.parse((await check([first], ['--format', 'gitlab', '--no-rehearse'])).out)).not.toContainEqual(
    expect.objectContaining({ check_name: 'syntax-error' }),
  );
});

it('writes a table in Markdown that shows text of scripts as it is', async () => {
  const { out } = await check([first, 'CREATE INDEX ON "a|<b>`*_[x](y)" (c);\n'], ['--format', 'markdown']);
  expect(out).toMatch(/^### Mem8 Upgrade\n\n\d warnings.* in 2 files.*\n\n\| severity \| place \| finding \|\n\| --- \| --- \| --- \|\n/);
  const row = out.split('\n').find((line) => line.includes('`index-not-concurrent`')) ?? '';
  expect(row).toMatch(/^\| warning \| migrations\/2\\_m\.up\.sql:1 \| /);
  expect(row).toContain('a\\|&lt;b&gt;\\`\\*\\_\\[x\\](y)');
});

describe('--report', () => {
  it('writes further forms to files beside the output', async () => {
    const words = ['--report', 'sarif=out/findings.sarif', '--report', 'gitlab=gl.json'];
    const { out, code, files } = await check([first, second], words);
    expect(code).toBe(1);
    expect(out).toContain('[syntax-error]');
    expect(files.texts()['/project/out/findings.sarif']).toBe((await check([first, second], ['--format', 'sarif'])).out);
    expect(files.texts()['/project/gl.json']).toBe((await check([first, second], ['--format', 'gitlab'])).out);
  });

  it.each(['sarif', 'xml=a.xml', '=a', 'json='])('refuses %s', async (value) => {
    const { code, err } = await check([first], ['--report', value]);
    expect(code).toBe(2);
    expect(err).toContain('Forms: text, json, sarif, github, gitlab, markdown.');
  });
});

it('writes the headline, the place and the text below it within the width of the terminal', async () => {
  const cwd = '/a/folder/of/a/project';
  const path = `db/migrations/with/a/long/path/${'x'.repeat(30)}`;
  const files = memoryFiles({ [`${cwd}/${path}/1_m.up.sql`]: 'CREATE INDEX ON t (a);\n' });
  const words = ['check', '--no-database', `${cwd}/${path}`];
  const { out } = await runCommand(words, { files, cwd, lineWidth: 80 });
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^warning {2}\S/);
  const place = lines.findIndex((line) => line === `      ${path}/1_m.up.sql:1:1`);
  expect(place).toBeGreaterThan(0);
  const head = lines.slice(0, place);
  expect(head.at(-1)).toMatch(/\[[a-z-]+\]$/);
  expect(head.slice(1).filter((line) => !/^ {6}\S/.test(line))).toEqual([]);
  expect(head.filter((line) => line.length > 80)).toEqual([]);
  expect(out).not.toContain('Fix: ');
});

it('counts findings by the word that labels them', async () => {
  const { out } = await check([first, 'ALTER TABLE t SET (autovacuum_enabled = false);\n'], []);
  expect(out).toMatch(/^info {2}.* \[autovacuum-off\]$/m);
  expect(out).toMatch(/, 1 info, 1 hint in 2 files/);
});
