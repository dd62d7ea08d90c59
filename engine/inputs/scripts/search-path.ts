import type { Files } from '../../core/host';
import type { Listing } from './listing';
import type { LayoutName, Migration } from '../../core/scripts';
import { startingFilesOf } from './project-texts';

/** The schemas of a search path as PostgreSQL writes it: names with commas between them, quoted where they have to be. */
export function schemasInPath(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|'([^']*)'|([^\s,"']+)/g)].map(
    ([, quoted, single, plain]) => quoted?.replaceAll('""', '"') ?? single ?? (plain === '$user' ? plain : (plain ?? '').toLowerCase()),
  );
}

/**
 * The search path that the files say with which a project starts its migration tool; undefined where none does. A file that names several
 * says nothing, and neither does one that does not fit the scripts.
 */
export async function detectedSearchPath(
  files: Files,
  listing: Listing,
  layout: LayoutName,
  migrations: readonly Migration[],
): Promise<readonly string[] | undefined> {
  for await (const { text } of startingFilesOf(files, listing)) {
    const found = new Map(searchPathsIn(text, layout).map((path) => [path.join(','), path]));
    if (found.size > 1) return undefined;
    const [path] = found.values();
    if (path) return fits(path, migrations) ? path : undefined;
  }
  return undefined;
}

/** Every search path that a text gives to a connection of PostgreSQL, in an address, a list of settings or PGOPTIONS. */
export function searchPathsIn(text: string, layout: LayoutName): string[][] {
  const found = [
    ...[...text.matchAll(addresses)].map(([address]) => pathInAddress(address, layout)),
    ...[...text.replace(addresses, '').matchAll(keywords)].map(([, quoted, plain]) => quoted ?? plain),
    ...[...text.matchAll(/\bPGOPTIONS["']?\s*[:=]\s*["']?([^\n]*)/g)].map(([, options]) => pathInOptions(options ?? '')),
    ...(layout === 'node-pg-migrate'
      ? [...text.matchAll(/\bnode-pg-migrate\b[^\n"]*?\s(?:-s|--schema)[ =]([\w,]+)/g)].map(([, schema]) => schema)
      : []),
  ];
  return found.flatMap((each) => {
    const known = each?.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
    const path = known === undefined ? [] : schemasInPath(known);
    return path.length > 0 && path.every((schema) => schema === '$user' || /^[^${}<>%]+$/.test(schema)) ? [path] : [];
  });
}

const addresses = /\b(?:jdbc:postgresql|db:pg|db:postgres|(?:postgres(?:ql)?|pgx5?|psql)(?:\+\w+)?):\/\/[^\s'"`<>]*\?[^\s'"`<>]+/gi;
const keywords = /\b(?:host|dbname|user|password|port|sslmode)=[^"`\n]*?\bsearch_path=(?:'([^']*)'|([\w$,]+))/g;

function pathInAddress(address: string, layout: LayoutName): string | undefined {
  const query = address.slice(address.indexOf('?') + 1).replaceAll('&amp;', '&');
  for (const parameter of query.split(/[&;]/)) {
    const [name = '', ...rest] = parameter.split('=');
    const key = decoded(name).toLowerCase();
    const value = decoded(rest.join('='));
    if (key === 'search_path' || key === 'options[search_path]') return value;
    if (key === 'currentschema' && address.startsWith('jdbc:')) return value;
    // Prisma quotes the name of the one schema that it takes.
    if (key === 'schema' && layout === 'prisma') return `"${value}"`;
    const path = key === 'options' ? pathInOptions(value) : undefined;
    if (path !== undefined) return path;
  }
  return undefined;
}

function pathInOptions(options: string): string | undefined {
  const match = /(?:-c\s*|--)search_path=((?:\\.|[^\s\\'"])+)/.exec(options);
  return match?.[1]?.replace(/\\(.)/g, '$1');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** False where scripts make objects in public although the path leaves it out: the settings are another database's then. */
function fits(path: readonly string[], migrations: readonly Migration[]): boolean {
  if (path.includes('public')) return true;
  const inPublic = /\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"?public"?\./i;
  return !migrations.some(({ up }) => inPublic.test(up.text));
}
