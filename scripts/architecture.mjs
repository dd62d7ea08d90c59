// npm run architecture: draws the rooms of the project and what they import into docs/architecture.md, from the code as it is.
// With --check it writes nothing and ends with 1 when the picture is not as the code is.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { cruiseOptions } from './lib/floors.mjs';
import { root } from './lib/places.mjs';

const packages = ['engine', 'protocol', 'server', 'client', 'cli'];
/** Folders of the engine whose own folders are rooms of the picture; every other folder is one room. */
const houses = ['databases', 'inputs', 'checking', 'running'];

process.chdir(root);
const page = join(root, 'docs', 'architecture.md');
const text = await readFile(page, 'utf8');
const drawn = text.replace(/(<!-- rooms: [^>]*-->\n)[^]*?(\n<!-- end of rooms -->)/, `$1\n${picture(await imports())}\n$2`);
if (!process.argv.includes('--check')) await writeFile(page, drawn);
else if (drawn !== text) {
  console.error('docs/architecture.md does not show the rooms as they are. Run: npm run architecture');
  process.exitCode = 1;
}

/** Which rooms import which. @returns {Promise<Map<string, Set<string>>>} */
async function imports() {
  const { output } = await cruise(packages, cruiseOptions);
  if (typeof output === 'string') throw new Error(output);
  const graph = new Map();
  for (const { source, dependencies } of output.modules) {
    if (!isSource(source)) continue;
    const from = roomOf(source);
    const to = dependencies
      .map(({ resolved }) => resolved)
      .filter(isSource)
      .map(roomOf);
    graph.set(from, new Set([...(graph.get(from) ?? []), ...to.filter((room) => room !== from)]));
  }
  return graph;
}

/** @param {string} path */
function isSource(path) {
  return packages.some((name) => path.startsWith(`${name}/`)) && !/\.test\.ts$|\/testing\//.test(path);
}

/** @param {string} path */
function roomOf(path) {
  const [first, second, third, ...rest] = path.split('/');
  if (first !== 'engine') return first;
  return houses.includes(second) && rest.length > 0 ? `${second}/${third}` : second;
}

/** A Mermaid diagram. Arrows that follow from others are left out. @param {Map<string, Set<string>>} graph */
function picture(graph) {
  const rooms = [...graph.keys()].sort();
  const name = (room) => room.replaceAll('/', '_');
  const inHouse = (house) => rooms.filter((room) => room === house || room.startsWith(`${house}/`));
  const single = rooms.filter((room) => !houses.some((house) => inHouse(house).includes(room)));
  const arrows = rooms.flatMap((from) => [...reduced(graph, from)].sort().map((to) => `  ${name(from)} --> ${name(to)}`));
  return [
    '```mermaid',
    'flowchart TB',
    ...houses.flatMap((house) => [
      `  subgraph house_${house} ["engine/${house}"]`,
      ...inHouse(house).map((room) => `    ${name(room)}["${room.slice(house.length + 1) || '(its own files)'}"]`),
      '  end',
    ]),
    ...single.map((room) => `  ${name(room)}["${packages.includes(room) ? room : `engine/${room}`}"]`),
    ...arrows,
    '```',
  ].join('\n');
}

/** What a room imports and reaches by no other of its imports. @param {Map<string, Set<string>>} graph @param {string} from */
function reduced(graph, from) {
  const direct = graph.get(from) ?? new Set();
  const reach = (room, seen = new Set()) => {
    for (const next of graph.get(room) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  const indirect = new Set([...direct].flatMap((room) => [...reach(room)]));
  return new Set([...direct].filter((room) => !indirect.has(room)));
}
