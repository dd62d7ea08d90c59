import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { targetsOf } from '#engine/checking/checks/support/foreign-rules';
import type { LinterFile, LinterReader } from './linter-file';

const specs = 'crates/pgls_analyser/tests/specs/safety';

/** One folder a rule; a comment in each file says whether the rule reports it. */
export const languageServer: LinterReader = {
  tool: 'Postgres Language Server',
  marker: specs,
  async read(checkout) {
    const folder = join(checkout, specs);
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.sql')).sort();
    const read = await Promise.all(names.map(async (name) => fileOf(name, await readFile(join(folder, name), 'utf8'))));
    return read.flatMap((each) => each ?? []);
  },
};

function fileOf(path: string, sql: string): LinterFile | undefined {
  const [rule = '', name = ''] = path.split('/');
  const expected = /^\s*--\s*expect_(lint\/|no_diagnostics)/m.exec(sql)?.[1];
  if (expected === undefined) return undefined;
  return {
    tool: 'Postgres Language Server',
    name: `${rule}/${name.replace(/\.sql$/, '')}`,
    rule,
    opinion: expected === 'no_diagnostics' ? 'good' : 'bad',
    scripts: { 'script.sql': sql },
    read: 'loose',
    hazards: targetsOf('Postgres Language Server', `lint/safety/${rule}`) ?? [],
  };
}
