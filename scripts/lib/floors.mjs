// The floors of the project, from the ground up. A file may import from its own room and from rooms on lower floors, nothing else:
// neither from above nor from a room beside its own. docs/architecture.md describes the rooms; `npm run lint` enforces this list.

/** A room is a folder with what is below it, apart from the rooms inside it that are listed on their own. */
export const floors = [
  ['engine/core'],
  ['engine/databases'],
  ['engine/databases/storage'],
  ['engine/databases/postgresql/sql', 'engine/databases/postgresql/embedded'],
  ['engine/databases/postgresql/routines', 'engine/databases/postgresql/connections'],
  ['engine/databases/postgresql/catalogue', 'engine/databases/postgresql/execution'],
  ['engine/databases/postgresql/shadow', 'engine/databases/postgresql/inference', 'engine/databases/postgresql/backups'],
  ['engine/databases/postgresql'],
  ['engine/databases/registry'],
  ['engine/inputs/scripts'],
  ['engine/inputs/manifest'],
  ['engine/inputs/releases', 'engine/inputs/statistics'],
  ['engine/inputs/settled'],
  ['engine/inputs'],
  ['engine/checking/compatibility', 'engine/running'],
  ['engine/checking/context', 'engine/running/journal', 'engine/running/backups'],
  ['engine/checking/bump', 'engine/running/run', 'engine/running/verification'],
  ['engine/checking/checks', 'engine/running/steps'],
  ['engine/checking/checks/support', 'engine/running/planning'],
  [
    'engine/checking/checks/advice',
    'engine/checking/checks/clients',
    'engine/checking/checks/data',
    'engine/checking/checks/history',
    'engine/checking/checks/manifest',
    'engine/checking/checks/syntax',
    'engine/checking/checks/postgresql/support',
    'engine/running/execution',
  ],
  [
    'engine/checking/checks/postgresql/advice',
    'engine/checking/checks/postgresql/clients',
    'engine/checking/checks/postgresql/data',
    'engine/checking/checks/postgresql/execution',
    'engine/checking/checks/postgresql/history',
    'engine/checking/checks/postgresql/locks',
    'engine/checking/checks/postgresql/manifest',
    'engine/checking/checks/postgresql/rollback',
    'engine/checking/checks/postgresql/syntax',
  ],
  ['engine/checking/checks/postgresql'],
  ['engine/checking/checks/registry'],
  ['engine/checking/checks/runner'],
  ['engine/checking/project'],
  ['engine/checking/replay'],
  ['engine/checking/replay/postgresql'],
  ['engine/checking/analysis'],
  ['engine/operations'],
  ['engine/host'],
  ['protocol'],
  ['server', 'client', 'cli'],
];

/** What the first of a pair never imports of the second, whatever their floors: judging and running, checks for every product and one product. */
export const apart = [
  ['engine/checking', 'engine/running'],
  ['engine/running', 'engine/checking'],
  ['engine/running', 'engine/databases/postgresql'],
  ['engine/checking/checks/(?:advice|clients|data|history|manifest|support|syntax)', 'engine/(?:databases|checking/checks)/postgresql'],
];

/** How imports are read: those of types count too. */
export const cruiseOptions = {
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '^(dist|\\.tsc|node_modules)/' },
};

/** What server, client and command line may import of the engine: its doors, and the contracts that doors take and return. */
export const openToHosts = [
  'engine/core/',
  'engine/host/',
  'engine/operations/',
  'engine/databases/observation.ts',
  'engine/databases/registry/',
  'engine/inputs/manifest/',
  'engine/inputs/releases/graph.ts',
  'engine/inputs/scripts/index.ts',
  'engine/inputs/sources.ts',
  'engine/running/engine-host.ts',
  'engine/running/planning/format-plan.ts',
  'engine/running/plan.ts',
];
