import type { Files } from '../core/host';
import { baseName, joined, parentFolder } from '../core/paths';
import { outcomeOf } from '../core/problem';

/** A description of an API or of data that was found. */
interface FoundApi {
  /** A name for it, unique among those that were found. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
}

const skipped = new Set(['node_modules', 'dist', 'target', 'vendor', 'build', 'out', 'test', 'tests', 'testdata', 'fixtures', '__tests__']);
const deepest = 5;
const mostFolders = 2000;
const mostApis = 20;

/** Each kind of description: what its file is called, and what must be in it. */
const kinds: readonly (readonly [name: RegExp, content: RegExp])[] = [
  [/^(openapi|swagger)([.-].*)?\.(ya?ml|json)$/i, /["']?(openapi|swagger)["']?\s*:\s*["']?[23]/],
  [/\.(openapi|swagger)\.(ya?ml|json)$/i, /["']?(openapi|swagger)["']?\s*:\s*["']?[23]/],
  // Operations of clients are written in files of the same name.
  [/\.(graphql|graphqls|gql)$/i, /^\s*(extend\s+)?(type|schema|interface|input|enum|union|scalar)\b/m],
  [/\.proto$/i, /^\s*(message|service|enum)\s+\w+/m],
  [/\.schema\.json$/i, /^\s*\{/],
];

/** Descriptions at or below a folder, in path order; not those in hidden folders, in build output, dependencies and tests. */
export async function findApis(files: Files, root: string): Promise<FoundApi[]> {
  const found: string[] = [];
  let budget = mostFolders;
  const search = async (folder: string, depth: number): Promise<void> => {
    if (budget-- <= 0 || found.length >= mostApis) return;
    const names = await outcomeOf(() => files.list(folder));
    if (!names.ok) return;
    for (const name of names.value) {
      if (name.startsWith('.') || found.length >= mostApis) continue;
      if (!name.endsWith('/')) {
        const file = joined(folder, name);
        if (await isDescription(files, file)) found.push(file);
      } else if (depth < deepest && !skipped.has(name.slice(0, -1))) await search(joined(folder, name.slice(0, -1)), depth + 1);
    }
  };
  await search(root, 0);
  const taken = new Set<string>();
  return found.map((file) => ({ file, name: uniqueName(file, taken) }));
}

async function isDescription(files: Files, file: string): Promise<boolean> {
  const kind = kinds.find(([name]) => name.test(baseName(file)));
  if (!kind) return false;
  const text = await outcomeOf(() => files.readText(file));
  return text.ok && kind[1].test(text.value);
}

function uniqueName(file: string, taken: Set<string>): string {
  const plain = baseName(file).replace(/(\.(openapi|swagger|schema))?\.\w+$/i, '');
  const isGeneric = /^(openapi|swagger|schema)$/i.test(plain);
  const folder = baseName(parentFolder(file));
  const candidates = [isGeneric ? folder : plain, plain, `${folder}-${plain}`].map((each) =>
    each.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, ''),
  );
  const free = candidates.find((each) => each !== '' && !taken.has(each));
  let name = free ?? `${plain}-${taken.size + 1}`;
  while (taken.has(name) || !/^[A-Za-z0-9]/.test(name)) name = `api-${taken.size + 1}`;
  taken.add(name);
  return name;
}
