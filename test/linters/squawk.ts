import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { targetsOf } from '#engine/checking/checks/support/foreign-rules';
import type { LinterFile, LinterReader } from './linter-file';

const rules = 'crates/squawk_linter/src/rules';

/** Rules whose file has another name than users know them by. */
const renamed: Readonly<Record<string, string>> = {
  'adding-not-null-field': 'adding-not-nullable-field',
  'adding-primary-key-constraint': 'adding-serial-primary-key-field',
  'disallow-unique-constraint': 'disallowed-unique-constraint',
};

/** Tests in Rust: SQL in string literals, passed to functions that say what must become of it. */
export const squawk: LinterReader = {
  tool: 'squawk',
  marker: rules,
  async read(checkout) {
    const folder = join(checkout, rules);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.rs') && name !== 'mod.rs').sort();
    const files = await Promise.all(
      names.map(async (name) => testsIn(name.slice(0, -'.rs'.length), await readFile(join(folder, name), 'utf8'))),
    );
    return files.flat();
  },
};

/** The tests of one rule's Rust file; the same SQL with the same opinion and settings counts once. */
export function testsIn(file: string, source: string): LinterFile[] {
  const own = file.replaceAll('_', '-');
  const rule = renamed[own] ?? own;
  const found = new Map<string, LinterFile>();
  for (const { name, body } of testFunctions(source)) {
    const version = /pg_version: "(\d+)/.exec(body)?.[1];
    const inTransaction = /assume_in_transaction: true/.test(body);
    callsIn(body).forEach(({ opinion, sql }, index) => {
      const assumed = inTransaction && !/squawk-disable-assume-in-transaction/.test(sql);
      const test: LinterFile = {
        tool: 'squawk',
        name: `${rule}/${name}${index === 0 ? '' : `/${index + 1}`}`,
        rule,
        opinion,
        scripts: { 'script.sql': sql },
        read: 'loose',
        hazards: targetsOf('squawk', rule) ?? [],
        minimum: version === undefined ? undefined : Number(version),
        inTransaction: assumed || undefined,
      };
      const key = JSON.stringify([opinion, sql.trim(), version, assumed]);
      if (!found.has(key)) found.set(key, test);
    });
  }
  return [...found.values()];
}

function testFunctions(source: string): { name: string; body: string }[] {
  return source
    .split(/^ {4}#\[test\]$/m)
    .slice(1)
    .flatMap((text) => {
      const name = /fn (\w+)\(\)/.exec(text)?.[1];
      const end = text.search(/^ {4}\}$/m);
      return name === undefined ? [] : [{ name, body: end < 0 ? text : text.slice(0, end) }];
    });
}

const literal = String.raw`r(?<hash>#+)"[^]*?"\k<hash>|r"[^"]*"|"(?:[^"\\]|\\[^])*"`;
const literalAgain = (name: string) => literal.replaceAll('hash', name);
const pieces = new RegExp(
  String.raw`let (?<variable>\w+)\s*=\s*(?<value>${literalAgain('h1')})|` +
    String.raw`\b(?<call>lint_ok_with|lint_ok|lint_errors_with|lint_errors|lint|fix_sql_with|fix_sql|fix)\(\s*(?:(?<direct>${literalAgain('h2')})|&?(?<named>\w+))|` +
    String.raw`(?:${literalAgain('h3')})`,
  'g',
);

function callsIn(body: string): { opinion: LinterFile['opinion']; sql: string }[] {
  const variables = new Map<string, string>();
  const calls: { opinion: LinterFile['opinion']; sql: string }[] = [];
  for (const { groups = {} } of body.matchAll(pieces)) {
    const { variable, value, call, direct, named } = groups;
    if (variable !== undefined) variables.set(variable, textOf(value ?? ''));
    if (call === undefined) continue;
    const sql = direct === undefined ? variables.get(named ?? '') : textOf(direct);
    if (sql !== undefined) calls.push({ opinion: call.startsWith('lint_ok') ? 'good' : 'bad', sql });
  }
  return calls;
}

/** The text that a Rust string literal stands for. */
function textOf(text: string): string {
  const raw = /^r#*"([^]*)"#*$/.exec(text)?.[1];
  if (raw !== undefined) return raw;
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };
  return text
    .slice(1, -1)
    .replace(/\\(?:\r?\n\s*|(.))/g, (_, letter: string | undefined) => (letter === undefined ? '' : (escapes[letter] ?? letter)));
}
