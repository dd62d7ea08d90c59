import { parse as parseToml } from 'smol-toml';
import type { Files } from '../../core/host';
import { joined } from '../../core/paths';
import { outcomeOf } from '../../core/problem';
import type { Layout } from './layout';
import { foldersAround, nearestWith, projectFileWith } from './listing';
import { firstLineHeader, newFile, readPairs, type PairRules } from './pairs';
import { lineAtStart } from './sections';
import { largestInt64 } from './versions';

const header = '-- no-transaction';
const namePattern = /^([^_]*)_(.*)\.sql$/s;

/**
 * sqlx: `<version>_<name>.up.sql` with `.down.sql`, or `<version>_<name>.sql` alone. The version is a signed 64-bit number;
 * a file whose version is not one makes sqlx fail, one without `_` or `.sql` is passed over. Each file is sent as one
 * message in a transaction, unless its text starts with `-- no-transaction`. It first makes the schemas that `create-schemas` in the
 * crate's `sqlx.toml` names.
 */
export const sqlx: Layout = {
  name: 'sqlx',
  runner: {
    transaction: 'script',
    sends: 'whole',
    noTransaction: header,
    hasDowns: true,
    keepsSession: true,
    journal: {
      table: '_sqlx_migrations',
      create: `CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL)`,
      foundBySearchPath: true,
    },
  },
  detect(listing) {
    const example = listing.files.find((name) => /^\d+_.*\.sql$/.test(name));
    if (example === undefined) return undefined;
    const manifest = projectFileWith(listing, 'Cargo.toml', /^\s*\[?(?:[\w.-]*dependencies\.)?"?sqlx"?\s*[=\].]/m);
    const offline = nearestWith(listing, '.sqlx/');
    const sign = manifest ?? (offline && joined(offline, '.sqlx'));
    return sign === undefined
      ? undefined
      : { confidence: 'marker', reason: `${example} is named like an sqlx migration and ${sign} shows that sqlx is used.` };
  },
  async read(files, directory) {
    const schemas = await createdSchemas(files, directory);
    const reading = await readPairs(files, rules(directory));
    return schemas.length === 0 ? reading : { ...reading, runner: { ...sqlx.runner, schemas } };
  },
  owns: (relativePath) => !relativePath.includes('/') && namePattern.test(relativePath),
  downTemplate: (migration, directory, body) => newFile(joined(directory, `${migration.id}.down.sql`), body),
  noTransactionEdit: (script) => lineAtStart(script, header),
};

/** `create-schemas` of the nearest `sqlx.toml` within the crate; empty where it cannot be read. */
async function createdSchemas(files: Files, directory: string): Promise<readonly string[]> {
  for (const { path, names } of await foldersAround(files, directory)) {
    if (names.includes('sqlx.toml')) {
      const text = await outcomeOf(() => files.readText(joined(path, 'sqlx.toml')));
      return text.ok ? schemasIn(text.value) : [];
    }
    if (names.includes('Cargo.toml')) return [];
  }
  return [];
}

function schemasIn(text: string): readonly string[] {
  try {
    const { migrate } = parseToml(text);
    const named = typeof migrate === 'object' && 'create-schemas' in migrate ? migrate['create-schemas'] : undefined;
    return Array.isArray(named) ? named.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

function rules(directory: string): PairRules {
  return {
    directory,
    transaction: (text) => firstLineHeader(text, header),
    onMark: 'which sqlx sends to the server',
    onDuplicate: 'sqlx runs both in an undefined order and then fails, because its journal records each version once.',
    parse(name) {
      const match = namePattern.exec(name);
      if (!match) {
        return name.endsWith('.sql') ? { unknown: `sqlx silently skips ${name}: a name like 0001_name.sql was expected.` } : 'ignored';
      }
      const [, version = '', rest = ''] = match;
      if (!/^\d+$/.test(version) || BigInt(version) > largestInt64) {
        return { unknown: `sqlx fails on ${name}: a number of at most ${largestInt64} was expected before the first "_".` };
      }
      const directed = /^(.*)\.(up|down)$/s.exec(rest);
      const title = directed?.[1] ?? rest;
      return { name, version, title, id: `${version}_${title}`, direction: directed?.[2] === 'down' ? 'down' : 'up' };
    },
  };
}
