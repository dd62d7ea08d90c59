import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mem8-bad-input-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

interface End {
  readonly code: number;
  readonly output: string;
}

/** Runs the built command line in the test's folder; one that hangs is killed and fails the test. */
function run(...words: string[]): Promise<End> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cli, ...words],
      { cwd: folder, timeout: 110_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024, env: { ...process.env, CI: '1' } },
      (error, stdout, stderr) => {
        if (error?.killed) reject(new Error(`it hung:\n${stdout}\n${stderr}`));
        else resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
      },
    );
  });
}

const manifest =
  'manifest: 1\nsystem: mem8\ntargets:\n  local: { driver: pglite, path: data/local }\nreleases:\n  - version: 1.0.0\n    migrations: [0001_a]\n';
const script = 'CREATE TABLE a (id int PRIMARY KEY);\n';

describe('checking', { timeout: 120_000 }, () => {
  it('finds nothing but the emptiness of an empty manifest', async () => {
    write('upgrade.yaml', '');
    const { code, output } = await run('check', 'upgrade.yaml');
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('[manifest-syntax]') });
    expect(output).toMatch(/^error {2}.*empty.*\n {6}upgrade\.yaml:1:1$/im);
  });

  it('refuses to run an empty manifest', async () => {
    write('upgrade.yaml', '');
    expect(await run('plan')).toMatchObject({ code: 2, output: expect.stringContaining('[manifest-empty]') });
  });

  it('names a binary file that is called .sql and checks the others', async () => {
    write('migrations/0001_a.up.sql', script);
    write('migrations/0002_b.up.sql', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 255]));
    write('migrations/0003_c.up.sql', 'ALTER TABEL a ADD b int;\n');
    const { code, output } = await run('check', 'migrations');
    expect(code).toBe(1);
    expect(output).toMatch(/\[layout-problem\]\n {6}migrations\/0002_b\.up\.sql:1:1$/m);
    expect(output).toContain('[syntax-error]');
  });

  it('says at which byte a script stops being UTF-8', async () => {
    write('change.sql', Buffer.concat([Buffer.from('SELECT 1;\n-- caf'), Buffer.from([0xe9]), Buffer.from('\n')]));
    const { code, output } = await run('check', 'change.sql');
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('[file-not-utf8]') });
    expect(output).toMatch(/line 2/i);
  });

  it('checks a script of 20 MB', async () => {
    const line = "INSERT INTO a VALUES (1, 'some text that makes the line about a hundred characters long, as dumps have them');\n";
    write(
      'migrations/0001_a.up.sql',
      `CREATE TABLE a (id int, t text);\n${line.repeat(Math.ceil((20 * 1024 * 1024) / line.length))}ALTER TABEL a;\n`,
    );
    const { code, output } = await run('check', 'migrations');
    expect({ code, output: output.slice(0, 2000) }).toMatchObject({
      code: 1,
      output: expect.stringContaining('syntax error at or near "TABEL"'),
    });
  });

  it('checks a manifest with 2,000 releases', async () => {
    const releases = Array.from({ length: 2000 }, (_, index) => `  - version: 1.${index}.0\n    migrations: []\n`).join('');
    write('upgrade.yaml', `manifest: 1\nsystem: mem8\nreleases:\n${releases}  - version: 1.7.0\n`);
    write('migrations/0001_a.up.sql', script);
    const { code, output } = await run('check', 'upgrade.yaml', '--no-database');
    expect(code).toBe(1);
    expect(output).toContain('[release-version-duplicate]');
  });

  it('names a path that does not exist', async () => {
    expect(await run('check', 'nowhere')).toMatchObject({ code: 2, output: expect.stringContaining('[file-not-found]') });
  });

  it('names an option that does not exist', async () => {
    expect(await run('check', '--colour')).toMatchObject({ code: 2, output: expect.stringContaining("unknown option '--colour'") });
  });
});

describe('running', { timeout: 120_000 }, () => {
  it('says that a server is down and keeps the password to itself', async () => {
    write(
      'upgrade.yaml',
      manifest.replace(
        '{ driver: pglite, path: data/local }',
        '{ driver: postgresql, url: "postgresql://someone:hunter2@127.0.0.1:1/db" }',
      ),
    );
    write('migrations/0001_a.up.sql', script);
    const { code, output } = await run('apply', '--yes');
    expect({ code, output }).toMatchObject({ code: 3, output: expect.stringContaining('[target-unreachable]') });
    expect(output).not.toContain('hunter2');
  });

  it('says that a variable is missing', async () => {
    write('upgrade.yaml', manifest.replace('{ driver: pglite, path: data/local }', '{ driver: postgresql, url: "${env:MEM8_NOT_SET}" }'));
    write('migrations/0001_a.up.sql', script);
    const { code, output } = await run('status');
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('[environment-variable-missing]') });
    expect(output).toContain('MEM8_NOT_SET');
  });

  it('says that a folder cannot be written', async () => {
    write('upgrade.yaml', manifest);
    write('migrations/0001_a.up.sql', script);
    // A file in the folder's place stands for a read-only folder: permissions do not bind the super-user that tests may run as.
    write('data', 'not a folder');
    const { code, output } = await run('apply', '--yes');
    expect(code).not.toBe(0);
    expect(output).toMatch(/\[(file-unwritable|target-damaged|target-unreachable)\]/);
    expect(output).toContain('data');
  });

  it('says which migration of a release does not exist', async () => {
    write('upgrade.yaml', manifest);
    write('migrations/0002_b.up.sql', script);
    expect(await run('plan')).toMatchObject({ code: 2, output: expect.stringContaining('[migration-missing]') });
  });

  it('reports a failing statement with the state of the target', async () => {
    write('upgrade.yaml', manifest);
    write('migrations/0001_a.up.sql', `${script}SELECT nonsense;\n`);
    const { code, output } = await run('apply', '--yes');
    expect({ code, output }).toMatchObject({ code: 3, output: expect.stringContaining('[step-failed]') });
    expect(output).toContain('column "nonsense" does not exist');
  });
});
