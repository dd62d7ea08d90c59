// npm run new-check ID: writes a check, its test and its page, and registers it. The test is red until the check is written.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { roomsIn, upFrom, writeRegistry } from './lib/check-registry.mjs';
import { root } from './lib/places.mjs';

const folder = join(root, 'engine/checking/checks');
const rooms = await roomsIn(folder);
const severities = ['error', 'warning', 'info', 'hint'];
const usage = `npm run new-check -- ID [--room ${rooms.join('|')}] [--severity ${severities.join('|')}] [--hazard P1]... [--summary "One sentence."]`;

/** @typedef {{ id: string, room: string, severity: string, hazards: string[], summary: string }} NewCheck */

const check = readArguments();
const place = `engine/checking/checks/${check.room}/${check.id}`;
const files = {
  [join(root, `${place}.ts`)]: checkText(check),
  [join(root, `${place}.test.ts`)]: testText(check),
  [join(root, `docs/checks/${check.id}.md`)]: pageText(check),
};
const existing = [...rooms.map((room) => join(folder, room, `${check.id}.ts`)), ...Object.keys(files)].filter((path) => existsSync(path));
if (existing.length > 0) refuse(`${existing.map((path) => relative(root, path)).join(', ')} exists already.`);
for (const [path, text] of Object.entries(files)) await write(path, text);
for (const path of await writeRegistry(folder)) console.log(`wrote ${relative(root, path)}`);
console.log(`
The test is red until the check is written: npx vitest run ${place}.test.ts`);

/** @returns {NewCheck} */
function readArguments() {
  const { values, positionals } = parse();
  const [id, ...rest] = positionals;
  if (!id || rest.length > 0) refuse(`Exactly one id is needed.\n${usage}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) refuse(`"${id}" is no id: it must be kebab-case, e.g. missing-down.`);
  const { room, severity, hazard: hazards, summary } = values;
  if (!rooms.includes(room)) refuse(`There is no room "${room}". There are: ${rooms.join(', ')}.`);
  if (!severities.includes(severity)) refuse(`There is no severity "${severity}". There are: ${severities.join(', ')}.`);
  const bad = hazards.filter((hazard) => !/^[PLM]\d+$/.test(hazard));
  if (bad.length > 0) refuse(`${bad.join(', ')} is no hazard: hazards are named like P1, L12 or M3.`);
  return { id, room, severity, hazards, summary };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        room: { type: 'string', default: 'postgresql/data' },
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
function checkText({ id, room, severity, hazards, summary }) {
  const checks = upFrom(room);
  return `import type { Check } from '${checks}check';
import { headOf } from '${checks}postgresql/support/evidence';

export const check: Check = {
  id: ${quoted(id)},
  hazards: [${hazards.map(quoted).join(', ')}],
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
function testText({ id, room }) {
  return `import { expect, it } from 'vitest';
import { check } from './${id}';
import { sqlCheck } from '${upFrom(room)}testing/sql-check';

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
