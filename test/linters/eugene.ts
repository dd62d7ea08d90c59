import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { targetsOf } from '#engine/checking/checks/support/foreign-rules';
import type { LinterFile, LinterReader } from './linter-file';

const examples = 'eugene/examples';

/** One folder a rule, with `good.sql` and `bad.sql`; each holds the scripts of a history, cut at lines such as `-- 2.sql`. The tool is made for Flyway's layout. */
export const eugene: LinterReader = {
  tool: 'eugene',
  marker: examples,
  async read(checkout) {
    const folder = join(checkout, examples);
    const rules = (await readdir(folder)).filter((name) => /^[EW]\d+$/.test(name)).sort();
    const read = await Promise.all(
      rules.map(async (rule) => {
        const names = (await readdir(join(folder, rule))).filter((name) => /^(?:good|bad)\.sql$/.test(name));
        return Promise.all(names.map(async (name) => fileOf(rule, name, await readFile(join(folder, rule, name), 'utf8'))));
      }),
    );
    return read.flat();
  },
};

function fileOf(rule: string, name: string, text: string): LinterFile {
  const opinion = name === 'good.sql' ? 'good' : 'bad';
  return {
    tool: 'eugene',
    name: `${rule}/${opinion}`,
    rule,
    opinion,
    scripts: scriptsIn(text),
    read: 'directory',
    hazards: targetsOf('eugene', rule) ?? [],
  };
}

function scriptsIn(text: string): Record<string, string> {
  const parts = text.split(/^-- (\d+)\.sql *\r?\n/m);
  const scripts: Record<string, string> = {};
  for (let at = 1; at < parts.length; at += 2) scripts[`migrations/V${parts[at] ?? ''}__step.sql`] = parts[at + 1] ?? '';
  return scripts;
}
