import type { Finding } from '../../core/finding';
import { sha256 } from '../../core/hash';
import { LineIndex, type TextRange } from '../../core/text';
import { pathAtOffset } from '../../inputs/manifest/place';
import { readYaml } from '../../inputs/manifest/yaml-tree';
import { splitStatements } from '../../databases/postgresql/sql/splitter';
import { statementText } from '../../databases/postgresql/sql/statement-texts';

/** A finding with the path of its file in the repository, which is the same on every machine. */
interface PlacedFinding {
  readonly finding: Pick<Finding, 'id' | 'file' | 'range'>;
  readonly path: string;
}

/**
 * What identifies each finding from one run to the next, in the order given and each of its own.
 *
 * A fingerprint is made of the check, the path, what is at fault, and the finding's place among those of the same check at the same
 * fault. What is at fault is the statement without comments and white space in a script, the key in YAML and JSON, and the line
 * elsewhere. Line numbers, messages, severities and absolute paths are not part of it.
 *
 * @param textOf the whole text of a finding's file
 */
export function findingFingerprints(findings: readonly PlacedFinding[], textOf: (file: string) => string): string[] {
  const readers = new Map<string, (range: TextRange) => string>();
  const faults = findings.map(({ finding: { id, file, range }, path }) => {
    const read = readers.get(file) ?? faultReader(path, textOf(file));
    readers.set(file, read);
    return JSON.stringify([id, path, read(range)]);
  });
  const inOrder = findings.map((_, index) => index).sort((a, b) => startOf(findings[a]) - startOf(findings[b]) || a - b);
  const seen = new Map<string, number>();
  const fingerprints: string[] = [];
  for (const index of inOrder) {
    const fault = faults[index] ?? '';
    const earlier = seen.get(fault) ?? 0;
    seen.set(fault, earlier + 1);
    fingerprints[index] = sha256(`${fault}${earlier}`).slice(0, 32);
  }
  return fingerprints;
}

function startOf(finding: PlacedFinding | undefined): number {
  return finding?.finding.range.start ?? 0;
}

function faultReader(path: string, text: string): (range: TextRange) => string {
  if (/\.(?:ya?ml|json)$/i.test(path)) return keyReader(text);
  return /\.(?:p?sql|ddl)$/i.test(path) ? statementReader(text) : lineReader(text);
}

/** Comments belong to the statement after them, those at the end to the last one. */
function statementReader(text: string): (range: TextRange) => string {
  const statements = splitStatements(text);
  return ({ start }) => {
    const statement = statements.find(({ tailEnd }) => tailEnd > start) ?? statements.at(-1);
    return statement === undefined ? '' : statementText(statement.text);
  };
}

function lineReader(text: string): (range: TextRange) => string {
  return ({ start }) => {
    const from = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
    return /^.*/.exec(text.slice(from))?.[0].trim().replace(/\s+/g, ' ') ?? '';
  };
}

function keyReader(text: string): (range: TextRange) => string {
  const { value, place } = readYaml(text);
  const lines = new LineIndex(text);
  return ({ start }) => (place === undefined ? '' : JSON.stringify(namedPath(value, pathAtOffset(place, start, lines).path)));
}

/** A path whose list entries are called what they say of themselves, so that entries before them may be inserted. */
function namedPath(root: unknown, path: readonly (string | number)[]): string[] {
  let value = root;
  return path.map((step) => {
    const isList = Array.isArray(value);
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
    return (isList ? entryName(value) : undefined) ?? String(step);
  });
}

function entryName(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return undefined;
  const fields = entry as Record<string, unknown>;
  return ['version', 'id', 'name'].map((key) => fields[key]).find((name) => typeof name === 'string');
}
