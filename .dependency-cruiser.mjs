// The rules of scripts/lib/floors.mjs and the absence of import circles, for dependency-cruiser (`npm run lint`).
import { apart, cruiseOptions, floors, openToHosts } from './scripts/lib/floors.mjs';

const rooms = floors.flat();
const tests = '(\\.test\\.ts$|/testing/)';

/** What a room's own files have in common and no inner room has. @param {string} room */
function filesOf(room) {
  const inner = rooms.filter((other) => other.startsWith(`${room}/`)).map((other) => other.slice(room.length + 1));
  return inner.length === 0 ? `^${room}/` : `^${room}/(?!(${inner.join('|')})/)`;
}

const allowed = floors.flatMap((floor, index) =>
  floor.map((room) => ({
    name: `floor-of-${room.replaceAll('/', '-')}`,
    comment: `${room} may import from lower floors only: see scripts/lib/floors.mjs.`,
    severity: 'error',
    from: { path: filesOf(room), pathNot: tests },
    to: {
      path: `^(${floors.slice(index).flat().join('|')})/`,
      pathNot: [room, ...floors.slice(0, index).flat()].map(filesOf),
    },
  })),
);

const separated = apart.map(([from, to]) => ({
  name: `apart-${from.replace(/\W+/g, '-')}`,
  comment: `${from} imports nothing of ${to}: see scripts/lib/floors.mjs.`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: tests },
  to: { path: `^${to}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circle', comment: 'Files import each other in a circle.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-room-has-a-floor',
      comment: 'The file is in no room of scripts/lib/floors.mjs.',
      severity: 'error',
      from: { path: '^(engine|protocol|server|client|cli)/', pathNot: rooms.map(filesOf) },
      to: {},
    },
    {
      name: 'check-imports-check',
      comment: 'A check imports another one. What they share goes to support/, and `supersedes` silences one where another speaks.',
      severity: 'error',
      from: {
        path: '^engine/checking/checks/(?:postgresql/)?(?!support/|registry/|runner/|testing/)[a-z]+/[a-z-]+\\.ts$',
        pathNot: ['/(index|rooms)\\.ts$', tests],
      },
      to: { path: '^engine/checking/checks/(?:postgresql/)?(?!support/|registry/|runner/|testing/)[a-z]+/[a-z-]+\\.ts$' },
    },
    {
      name: 'host-imports-door',
      comment: 'A host imports the inside of the engine. A door in engine/operations has to offer it: see scripts/lib/floors.mjs.',
      severity: 'error',
      from: { path: '^(server|client|cli)/', pathNot: tests },
      to: { path: '^engine/', pathNot: `^(${openToHosts.join('|').replaceAll('.', '\\.')})` },
    },
    {
      name: 'product-behind-its-contract',
      comment: 'A database product is reached through engine/databases/database.ts: only what is named after it knows it.',
      severity: 'error',
      from: {
        path: '^engine/(checking/(context|bump|checks|replay|analysis)|inputs/sources)',
        pathNot: ['/postgresql/', '/analysis/finding-fingerprints\\.ts$', tests],
      },
      to: { path: '^engine/databases/postgresql/' },
    },
    ...allowed,
    ...separated,
  ],
  options: cruiseOptions,
};
