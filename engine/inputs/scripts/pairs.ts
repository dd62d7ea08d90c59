import type { Files } from '../../core/host';
import { compareCodePoints } from '../../core/paths';
import type { Dialect } from '../../core/dialects';
import type { ScriptTemplate } from './layout';
import type { Direction, Migration, Script } from '../../core/scripts';
import { DirectoryReader, isPresent, mapFew } from './reader';
import { comparePaths, pathKey } from './versions';
import { firstLine, wholeScript, type TransactionChoice } from './sections';

/** A file of a directory in which every direction of a migration is a file of its own. */
export interface PairFile {
  readonly name: string;
  /** Digits, perhaps in several parts, below those of its folder. */
  readonly version: string;
  /** The migration's name without version. */
  readonly title: string;
  /** The file name without direction and extension. */
  readonly id: string;
  readonly direction: Direction;
  /** The database that the file is for, where its name says so. */
  readonly variant?: Dialect;
}

export interface PairRules {
  readonly directory: string;
  /** Default: the files in the directory. Others are relative to it. */
  readonly names?: readonly string[];
  /** What a file name means: a script, nothing (`ignored`), or a script that is not in order, and why. */
  parse(name: string): PairFile | 'ignored' | { readonly unknown: string } | { readonly opaque: string };
  transaction(text: string, file: PairFile): TransactionChoice;
  /** What the tool does with a byte-order mark, a relative clause; undefined where it leaves it out or nothing is known. */
  readonly onMark?: string;
  /** What the tool makes of a script before it sends it. Default: nothing. */
  prepared?(script: Script): Script;
  /** Leaves out files that are not for this database. Default: none. */
  select?(files: readonly PairFile[]): PairFile[];
  /** True when a version that several migrations share is no mistake; downs then belong to the up of their own name. */
  mayShareVersions?(ups: readonly PairFile[]): boolean;
  /** What the tool does when two migrations have one version, a full sentence. */
  readonly onDuplicate: string;
}

/** Reads a directory of script pairs. Scripts of one version belong together, whatever the rest of their name. */
export async function readPairs(
  files: Files,
  rules: PairRules,
): Promise<{ migrations: Migration[]; problems: DirectoryReader['problems'] }> {
  const reader = new DirectoryReader(files, rules.directory);
  const parsed = parseNames(reader, rules.names ?? (await reader.names()).files, rules);
  const found = rules.select?.(parsed) ?? parsed;
  const byVersion = (a: PairFile, b: PairFile) => comparePaths(a.version, b.version) || compareCodePoints(a.name, b.name);
  const ups = found.filter((file) => file.direction === 'up').sort(byVersion);
  const others = found.filter((file) => file.direction !== 'up').sort(byVersion);
  const partners = assignPartners(reader, ups, others, rules);
  const migrations = await mapFew(ups, async (up): Promise<Migration | undefined> => {
    const read = async (file: PairFile | undefined): Promise<Script | undefined> => {
      if (!file) return undefined;
      const text = await reader.text(reader.path(file.name));
      if (text === undefined) return undefined;
      if (rules.onMark !== undefined) await reader.reportMark(reader.path(file.name), rules.onMark);
      const script = wholeScript(reader.path(file.name), file.direction, text, rules.transaction(text, file));
      return rules.prepared?.(script) ?? script;
    };
    const script = await read(up);
    const partner = partners.get(up);
    const [down, verify] = [await read(partner?.down), await read(partner?.verify)];
    return script && { id: up.id, version: up.version, name: up.title, up: script, down, verify, repeatable: false };
  });
  return { migrations: migrations.filter(isPresent), problems: reader.problems };
}

function parseNames(reader: DirectoryReader, names: readonly string[], rules: PairRules): PairFile[] {
  return names.flatMap((name) => {
    const parsed = rules.parse(name);
    if (parsed === 'ignored') return [];
    if ('unknown' in parsed) reader.report('unknown-file', reader.path(name), parsed.unknown);
    else if ('opaque' in parsed) reader.report('opaque-script', reader.path(name), parsed.opaque);
    else return [parsed];
    return [];
  });
}

type Partners = Map<PairFile, { down?: PairFile; verify?: PairFile }>;

function assignPartners(reader: DirectoryReader, ups: readonly PairFile[], others: readonly PairFile[], rules: PairRules): Partners {
  const partners: Partners = new Map(ups.map((up) => [up, {}]));
  const byVersion = new Map<string, PairFile[]>();
  const mayShare = rules.mayShareVersions?.(ups) ?? false;
  for (const up of ups) {
    const same = byVersion.get(pathKey(up.version)) ?? [];
    const first = same[0];
    if (first && !mayShare)
      reader.reportDuplicate(reader.path(up.name), reader.path(first.name), `Version ${up.version}`, rules.onDuplicate);
    byVersion.set(pathKey(up.version), [...same, up]);
  }
  for (const other of others) {
    const candidates = byVersion.get(pathKey(other.version)) ?? [];
    const up = candidates.find((candidate) => candidate.id === other.id) ?? (mayShare && candidates.length > 1 ? undefined : candidates[0]);
    const taken = up && partners.get(up);
    if (!taken) {
      const message = `No up script has ${candidates.length > 0 ? 'this name' : `version ${other.version}`}, so this ${other.direction} script never runs.`;
      reader.report('orphan-down', reader.path(other.name), message);
      continue;
    }
    const direction = other.direction === 'verify' ? 'verify' : 'down';
    const first = taken[direction];
    if (first) {
      const what = `The ${direction} of version ${other.version}`;
      reader.reportDuplicate(reader.path(other.name), reader.path(first.name), what, rules.onDuplicate);
    } else taken[direction] = other;
  }
  return partners;
}

/** A header on the first line that turns the transaction off. */
export function firstLineHeader(text: string, header: string): TransactionChoice {
  return text.startsWith(header) ? { transaction: 'none', header: firstLine(text) } : { transaction: 'script' };
}

export function newFile(file: string, body: string): ScriptTemplate {
  return { kind: 'file', file, text: body.endsWith('\n') ? body : `${body}\n` };
}

/** Adds a section with its directive to the end of the file that holds the up. Line ends follow the file's. */
export function appendedSection(up: Script, directive: string, body: string): ScriptTemplate {
  const newline = up.text.includes('\r\n') ? '\r\n' : '\n';
  const gap = up.text === '' ? '' : up.text.endsWith('\n') ? '\n' : '\n\n';
  const newText = `${gap}${directive}\n${body.replace(/\s+$/, '')}\n`.replace(/\r?\n/g, newline);
  return { kind: 'edit', edit: { file: up.file, range: { start: up.text.length, end: up.text.length }, newText } };
}
