// npm run new-check ID: writes a check, its test and its page, and registers it. The test is red until the check is written.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/places.mjs';

const groups = ['manifest', 'history', 'syntax', 'execution', 'locks', 'data', 'clients', 'rollback', 'advice'];
const severities = ['error', 'warning', 'info', 'hint'];
const usage = `npm run new-check -- ID [--group ${groups.join('|')}] [--severity ${severities.join('|')}] [--hazard P1]... [--summary "One sentence."]`;

/** @typedef {{ id: string, group: string, severity: string, hazards: string[], summary: string }} NewCheck */

const check = readArguments();
const registry = join(root, 'engine/checks/index.ts');
const files = {
  [join(root, `engine/checks/${check.id}.ts`)]: checkText(check),
  [join(root, `engine/checks/${check.id}.test.ts`)]: testText(check),
  [join(root, `docs/checks/${check.id}.md`)]: pageText(check),
};
const existing = Object.keys(files).filter((path) => existsSync(path));
if (existing.length > 0) refuse(`${existing.map((path) => relative(root, path)).join(', ')} exists already.`);
const registered = register(await readFile(registry, 'utf8'), check.id);
// The registry first: when the output is cut off (a pipe to head), what is missing then shows at once.
await write(registry, registered);
for (const [path, text] of Object.entries(files)) await write(path, text);
console.log(`\nThe test is red until the check is written: npx vitest run engine/checks/${check.id}.test.ts`);

/** @returns {NewCheck} */
function readArguments() {
  const { values, positionals } = parse();
  const [id, ...rest] = positionals;
  if (!id || rest.length > 0) refuse(`Exactly one id is needed.\n${usage}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) refuse(`"${id}" is no id: it must be kebab-case, e.g. missing-down.`);
  const { group, severity, hazard: hazards, summary } = values;
  if (!groups.includes(group)) refuse(`There is no group "${group}". There are: ${groups.join(', ')}.`);
  if (!severities.includes(severity)) refuse(`There is no severity "${severity}". There are: ${severities.join(', ')}.`);
  const bad = hazards.filter((hazard) => !/^[PLM]\d+$/.test(hazard));
  if (bad.length > 0) refuse(`${bad.join(', ')} is no hazard: hazards are named like P1, L12 or M3.`);
  return { id, group, severity, hazards, summary };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        group: { type: 'string', default: 'data' },
        severity: { type: 'string', default: 'warning' },
        hazard: { type: 'string', multiple: true, default: [] },
        summary: { type: 'string', default: 'One sentence that says what happens to the running system.' },
      },
    });
  } catch (error) {
    return refuse(`${error.message}\n${usage}`);
  }
}

/** @param {NewCheck} check */
function checkText({ id, group, severity, hazards, summary }) {
  return `import type { Check } from './check';
import { headOf } from './support/evidence';

export const check: Check = {
  id: ${quoted(id)},
  hazards: [${hazards.map(quoted).join(', ')}],
  group: ${quoted(group)},
  severity: ${quoted(severity)},
  summary: ${quoted(summary)},
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: ${quoted(summary)} };
  },
};
`;
}

/** @param {NewCheck} check */
function testText({ id }) {
  return `import { expect, it } from 'vitest';
import { check } from './${id}';
import { sqlCheck } from './testing/sql-check';

const { reports, silentOn } = sqlCheck(check, 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);');

it('reports a statement that does harm', async () => {
  const [finding] = await reports(\`DROP TABLE memories;
--^^^^^^^^^^^^^^^^^ ${id}
\`);
  expect(finding?.message).toMatch(/memories/);
});

it('is silent on a harmless statement', () => silentOn('ALTER TABLE memories ADD COLUMN note text;'));
`;
}

/** @param {NewCheck} check */
function pageText({ id, hazards, summary }) {
  return `# ${id}

${summary}

## Problem

What happens to the running system, and when.

## Evidence

What the embedded PostgreSQL shows, and what is judged by the syntax alone.

${hazards.length > 0 ? `Hazards: ${hazards.join(', ')}.\n\n` : ''}## Fix

The safe way to reach the same.

## When not to use it

Where the statement is right nevertheless: \`-- mem8-upgrade: ignore ${id} why\`.
`;
}

/**
 * Adds a check to the list in engine/checks/index.ts; imports and list stay sorted by id.
 * @param {string} text
 * @param {string} id
 */
function register(text, id) {
  const name = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  const imports = [...text.matchAll(/^import \{ check as \w+ \} from '\.\/([a-z0-9-]+)';\n/gm)];
  const list = /(export const checks: readonly Check\[\] = \[)([^\]]*)(\];)/.exec(text);
  if (imports.length === 0 || !list)
    refuse('engine/checks/index.ts is not a list of imported checks any more; mend scripts/new-check.mjs.');
  if (imports.some(([, other]) => other === id)) refuse(`${id} is registered already.`);
  const next = imports.find(([, other]) => other > id);
  const last = imports[imports.length - 1];
  const at = next ? next.index : last.index + last[0].length;
  const names = [
    ...list[2]
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
    name,
  ].sort();
  const lines = names.map((each) => `\n  ${each},`).join('');
  const withList = text.replace(list[0], `${list[1]}${lines}\n${list[3]}`);
  return `${withList.slice(0, at)}import { check as ${name} } from './${id}';\n${withList.slice(at)}`;
}

/** @param {string} path @param {string} text */
async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  console.log(`wrote ${relative(root, path)}`);
}

/** @param {string} text */
function quoted(text) {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

/** @param {string} message @returns {never} */
function refuse(message) {
  console.error(message);
  process.exit(2);
}
