import { parse as parseIni } from 'ini';
import type { Files } from '../../core/host';
import { outcomeOf } from '../../core/problem';
import { joined, trimmedPath } from '../../core/paths';
import { readPsql } from '../../databases/postgresql/sql/psql';
import type { Layout } from './layout';
import type { Direction, Migration, Script } from '../../core/scripts';
import { newFile } from './pairs';
import { psqlScript } from './psql-script';
import { DirectoryReader } from './reader';
import { wholeScript } from './sections';
import { parseSqitchPlan, type PlannedChange, type SqitchPlan } from './sqitch-plan';

/**
 * sqitch: `sqitch.plan` orders the changes; each has `deploy/<name>.sql`, and `revert/` and `verify/` beside it. The earlier
 * form of a reworked change is in `<name>@<tag>.sql`. Scripts go through psql, which commits each statement by itself unless
 * the script says BEGIN. `top_dir`, `plan_file`, the three folders and `extension` are taken from `sqitch.conf`.
 */
export const sqitch: Layout = {
  name: 'sqitch',
  runner: { transaction: 'none', sends: 'statements', hasDowns: true, copiesRows: true, psql: true },
  detect(listing) {
    return listing.files.includes('sqitch.plan')
      ? { confidence: 'marker', reason: 'sqitch.plan orders the changes of sqitch.' }
      : undefined;
  },
  async read(files, directory) {
    const reader = new DirectoryReader(files, directory);
    const places = await placesOf(files, directory);
    const text = await reader.text(places.plan);
    if (text === undefined) return { migrations: [], problems: reader.problems };
    const plan = parseSqitchPlan(text);
    reportPlan(reader, places.plan, plan);
    const found = await scriptsIn(files, places);
    const migrations: Migration[] = [];
    for (const change of plan.changes) {
      const migration = await readChange(reader, places, found, change);
      if (migration) migrations.push(migration);
    }
    for (const [file, direction] of found) {
      const stray = `${file} does not belong to a change of the plan, so sqitch never runs it.`;
      reader.report(direction === 'up' ? 'unknown-file' : 'orphan-down', file, stray);
    }
    return { migrations, problems: reader.problems };
  },
  owns: (relativePath) => /^(deploy|revert|verify)\/.+\.sql$/.test(relativePath),
  downTemplate(migration, directory, body) {
    const folder = joined(directory, 'deploy/');
    return migration.up.file.startsWith(folder)
      ? newFile(joined(directory, `revert/${migration.up.file.slice(folder.length)}`), body)
      : undefined;
  },
};

interface Places {
  /** What sqitch sets in psql, by the `variables` sections of its configuration. */
  readonly variables: ReadonlyMap<string, string>;
  readonly plan: string;
  readonly extension: string;
  readonly folders: Readonly<Record<Direction, string>>;
}

async function placesOf(files: Files, directory: string): Promise<Places> {
  const conf = await outcomeOf(() => files.readText(joined(directory, 'sqitch.conf')));
  const parsed: Record<string, Record<string, unknown> | undefined> = conf.ok ? parseIni(conf.value) : {};
  const core = parsed['core'] ?? {};
  const variables = Object.entries(parsed).flatMap(([section, values]) =>
    /\bvariables"?$/.test(section) ? Object.entries(values ?? {}).map(([key, value]) => [key, String(value)] as const) : [],
  );
  const setting = (key: string) => (typeof core[key] === 'string' ? core[key] : undefined);
  const below = (base: string, path: string) =>
    path.startsWith('/') ? trimmedPath(path) : path === '.' ? base : joined(base, trimmedPath(path).replace(/^\.\//, ''));
  const top = below(directory, setting('top_dir') ?? '.');
  const folder = (key: string, name: string) => below(setting(key) === undefined ? top : directory, setting(key) ?? name);
  return {
    variables: new Map(variables),
    plan: setting('plan_file') === undefined ? joined(top, 'sqitch.plan') : below(directory, setting('plan_file') ?? ''),
    extension: `.${setting('extension') ?? 'sql'}`,
    folders: { up: folder('deploy_dir', 'deploy'), down: folder('revert_dir', 'revert'), verify: folder('verify_dir', 'verify') },
  };
}

/** Every script below the three folders, by path. */
async function scriptsIn(files: Files, places: Places): Promise<Map<string, Direction>> {
  const found = new Map<string, Direction>();
  const collect = async (folder: string, direction: Direction, depth: number): Promise<void> => {
    const names = await outcomeOf(() => files.list(folder));
    for (const name of names.ok ? names.value : []) {
      if (name.endsWith('/') && depth < 8) await collect(joined(folder, name.slice(0, -1)), direction, depth + 1);
      else if (name.endsWith(places.extension)) found.set(joined(folder, name), direction);
    }
  };
  for (const direction of ['up', 'down', 'verify'] as const) await collect(places.folders[direction], direction, 1);
  return found;
}

/** Reads a change's scripts and takes them out of `found`. */
async function readChange(
  reader: DirectoryReader,
  places: Places,
  found: Map<string, Direction>,
  change: PlannedChange,
): Promise<Migration | undefined> {
  const candidates = change.reworkTags.length > 0 ? change.reworkTags.map((tag) => `${change.name}@${tag}`) : [change.name];
  const file = (direction: Direction, name: string) => joined(places.folders[direction], name + places.extension);
  const name = candidates.find((candidate) => found.has(file('up', candidate))) ?? candidates[0] ?? change.name;
  const read = async (direction: Direction): Promise<Script | undefined> => {
    const path = file(direction, name);
    if (!found.delete(path)) return undefined;
    const text = await reader.text(path);
    if (text === undefined) return undefined;
    for (const range of readPsql(text).includes)
      reader.report('opaque-script', path, 'The included script is not read, so its effect is unknown.', range);
    return psqlScript(wholeScript(path, direction, text, { transaction: 'none' }), places.variables);
  };
  if (!found.has(file('up', name))) {
    reader.report(
      'unreadable-script',
      places.plan,
      `The change ${change.name} has no deploy script: ${file('up', name)} was expected.`,
      change.range,
    );
  }
  const [up, down, verify] = [await read('up'), await read('down'), await read('verify')];
  return up && { id: name, version: '', name, up, down, verify, repeatable: false };
}

function reportPlan(reader: DirectoryReader, file: string, plan: SqitchPlan): void {
  for (const range of plan.unknown)
    reader.report(
      'bad-directive',
      file,
      'This line of the plan is ignored: a change or a tag with its time and planner, a pragma or a comment was expected.',
      range,
    );
  for (const [index, change] of plan.changes.entries()) {
    const before = plan.changes.slice(0, index);
    for (const required of change.requires) {
      const problem = missingRequirement(required.text, before, index, plan);
      if (problem) reader.report('order', file, `${change.name} requires ${required.text}, ${problem}`, required.range);
    }
    const earlier = before.filter((other) => other.name === change.name).at(-1);
    if (earlier && earlier.reworkTags.length === 0) {
      reader.report(
        'duplicate-version',
        file,
        `The plan has the change ${change.name} twice without a tag between; sqitch refuses it.`,
        change.range,
        [{ file, range: earlier.range, message: `${change.name} is planned here first.` }],
      );
    }
  }
}

/** Why a required change is not deployed before; undefined when it is, or when it is of another project. */
function missingRequirement(text: string, before: readonly PlannedChange[], index: number, plan: SqitchPlan): string | undefined {
  const colon = text.indexOf(':');
  if (colon >= 0 && text.slice(0, colon) !== plan.project) return undefined;
  const [name = '', tag] = text.slice(colon + 1).split('@');
  const change = name.replace(/[\^~].*$/, '');
  const known = /^[0-9a-f]{40}$/.test(change) || change === '' || before.some((other) => other.name === change);
  if (!known) {
    return plan.changes.some((other) => other.name === change) ? 'which comes later in the plan.' : 'which is not in the plan.';
  }
  if (tag === undefined || tag === 'HEAD' || tag === 'ROOT') return undefined;
  const changesBefore = plan.tags.get(tag.replace(/[\^~].*$/, ''));
  return changesBefore !== undefined && changesBefore <= index ? undefined : `but the plan has no tag @${tag} before it.`;
}
