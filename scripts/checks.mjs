// npm run new-check ID: writes a check, its test and its page, and registers it. The test is red until the check is written.
// npm run registry: writes the registry of checks anew: an index in every room (a folder of checks), and the list of rooms of any
// migrations and of each product. Both come from the folders of engine/checking/checks.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { root } from './lib/places.mjs';

/** Folders of the registry that hold no checks. */
const others = new Set(['support', 'testing', 'registry', 'runner']);

const notice = '// Written from the folder by `npm run registry`.';

const folder = join(root, 'engine/checking/checks');
const rooms = await roomsInFolder();
const severities = ['error', 'warning', 'info', 'hint'];
const usage = `npm run new-check -- ID [--room ${rooms.join('|')}] [--severity ${severities.join('|')}] [--hazard P1]... [--summary "One sentence."]`;

/** @typedef {{ id: string, room: string, severity: string, hazards: string[], summary: string }} NewCheck */

if (process.argv[2] === 'new') await writeNew(readArguments());
await writeRegistry();

/** @param {NewCheck} check */
async function writeNew(check) {
  const place = `engine/checking/checks/${check.room}/${check.id}`;
  const files = {
    [join(root, `${place}.ts`)]: checkText(check),
    [join(root, `${place}.test.ts`)]: testText(check),
    [join(root, `docs/checks/${check.id}.md`)]: pageText(check),
  };
  const existing = [...rooms.map((room) => join(folder, room, `${check.id}.ts`)), ...Object.keys(files)].filter((path) => existsSync(path));
  if (existing.length > 0) refuse(`${existing.map((path) => relative(root, path)).join(', ')} exists already.`);
  for (const [path, text] of Object.entries(files)) await write(path, text);
  console.log(`
The test is red until the check is written: npx vitest run ${place}.test.ts`);
}

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
      args: process.argv.slice(3),
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

/**
 * The rooms below engine/checking/checks, each a path such as `manifest` or `postgresql/locks`. A room's last name is the group of
 * its checks.
 * @returns {Promise<string[]>}
 */
async function roomsInFolder() {
  const folders = await subfolders(folder);
  const product = await Promise.all(folders.map(async (name) => (await subfolders(join(folder, name))).map((inner) => `${name}/${inner}`)));
  return folders.flatMap((name, index) => (product[index].length > 0 ? product[index] : [name])).sort();
}

/**
 * The files of the registry, by absolute path, as they have to be for the checks that are in the folders.
 * @returns {Promise<Map<string, string>>}
 */
async function registryOf() {
  const files = new Map();
  for (const room of rooms) {
    const names = await readdir(join(folder, room));
    const ids = names.filter((name) => /^[a-z0-9-]+\.ts$/.test(name) && name !== 'index.ts').map((name) => name.slice(0, -3));
    files.set(join(folder, room, 'index.ts'), roomText(room, ids.sort()));
  }
  const products = new Set(rooms.filter((room) => room.includes('/')).map((room) => dirname(room)));
  const common = rooms.filter((room) => !room.includes('/'));
  files.set(join(folder, 'registry', 'rooms.ts'), listText('CheckRoom<unknown>', common, '../'));
  for (const product of products) {
    const own = rooms.filter((room) => dirname(room) === product).map((room) => basename(room));
    files.set(join(folder, product, 'rooms.ts'), listText('CheckRoom', own, './'));
  }
  const options = await resolveConfig(join(root, 'package.json'));
  for (const [path, text] of files) files.set(path, await format(text, { ...options, parser: 'typescript' }));
  return files;
}

/** Writes the files of the registry that are not as they have to be. */
async function writeRegistry() {
  for (const [path, text] of await registryOf()) {
    if ((await readFile(path, 'utf8').catch(() => '')) !== text) await write(path, text);
  }
}

/** The way from a room up to the folder of all checks. @param {string} room */
function upFrom(room) {
  return '../'.repeat(room.split('/').length);
}

/** @param {string} folder */
async function subfolders(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !others.has(entry.name)).map(({ name }) => name);
}

/** @param {string} room @param {string[]} ids */
function roomText(room, ids) {
  return `${notice}
import type { CheckRoom } from '${upFrom(room)}check';
${ids.map((id) => `import { check as ${camelCase(id)} } from './${id}';`).join('\n')}

export const room: CheckRoom${room.includes('/') ? '' : '<unknown>'} = { group: '${basename(room)}', checks: [${ids.map(camelCase).join(', ')}] };
`;
}

/** @param {string} type @param {string[]} rooms @param {string} up */
function listText(type, rooms, up) {
  const names = rooms.map(camelCase);
  return `${notice}
import type { CheckRoom } from '../check';
${rooms.map((room, index) => `import { room as ${names[index]} } from '${up}${room}/index';`).join('\n')}

export const rooms: readonly ${type}[] = [${names.join(', ')}];
`;
}

/** @param {string} id */
function camelCase(id) {
  return id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}
