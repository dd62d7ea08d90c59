// The registry of checks: an index in every room (a folder of checks), and the list of rooms of any migrations and of each product. Both are written from the folders.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './places.mjs';

/** Folders of the registry that hold no checks. */
const others = new Set(['support', 'testing', 'registry', 'runner']);

/**
 * The rooms below engine/checking/checks, each a path such as `manifest` or `postgresql/locks`. A room's last name is the group of
 * its checks.
 * @param {string} folder absolute path of engine/checking/checks
 * @returns {Promise<string[]>}
 */
export async function roomsIn(folder) {
  const folders = await subfolders(folder);
  const product = await Promise.all(folders.map(async (name) => (await subfolders(join(folder, name))).map((inner) => `${name}/${inner}`)));
  return folders.flatMap((name, index) => (product[index].length > 0 ? product[index] : [name])).sort();
}

/**
 * The files of the registry, by absolute path, as they have to be for the checks that are in the folders.
 * @param {string} folder
 * @returns {Promise<Map<string, string>>}
 */
async function registryOf(folder) {
  const rooms = await roomsIn(folder);
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

/**
 * Writes the files of the registry that are not as they have to be.
 * @param {string} folder
 * @returns {Promise<string[]>} The paths of the files that were written.
 */
export async function writeRegistry(folder) {
  const written = [];
  for (const [path, text] of await registryOf(folder)) {
    if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
    await writeFile(path, text);
    written.push(path);
  }
  return written;
}

/** The way from a room up to the folder of all checks. @param {string} room */
export function upFrom(room) {
  return '../'.repeat(room.split('/').length);
}

/** @param {string} folder */
async function subfolders(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !others.has(entry.name)).map(({ name }) => name);
}

const notice = '// Written from the folder by `npm run registry`.';

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
