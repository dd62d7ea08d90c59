import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { LineIndex } from '#engine/core/text';
import { type CaseText, caseSchema, downName, type Expectation, type ScoreCase, upName } from './case-format';

/** Why a case file, or a case of it, cannot be used. */
export interface CaseProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What was found and what is expected. */
  readonly message: string;
}

export interface CaseReading {
  readonly cases: readonly ScoreCase[];
  readonly problems: readonly CaseProblem[];
}

/** Reads every `.yaml`, `.yml` and `.json` directly in a folder, or one such file, in the order of their names. */
export async function readCases(path: string): Promise<CaseReading> {
  const kind = await stat(path).catch(() => undefined);
  if (!kind) return { cases: [], problems: [{ file: path, line: 1, message: 'There is no such file or folder.' }] };
  const isCaseFile = (name: string) => /\.(ya?ml|json)$/i.test(name);
  const files = kind.isDirectory() ? (await readdir(path)).filter(isCaseFile).map((name) => join(path, name)) : [path];
  if (files.length === 0)
    return { cases: [], problems: [{ file: path, line: 1, message: 'A case file (.yaml or .json) is expected here.' }] };
  const byNumber = new Intl.Collator('en', { numeric: true });
  const readings = await Promise.all(files.sort((a, b) => byNumber.compare(a, b)).map(readCaseFile));
  return { cases: readings.flatMap(({ cases }) => cases), problems: readings.flatMap(({ problems }) => problems) };
}

async function readCaseFile(file: string): Promise<CaseReading> {
  const counter = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: counter });
  const lineOf = (node: unknown) => counter.linePos((node as Node | undefined)?.range?.[0] ?? 0).line;
  const problems: CaseProblem[] = document.errors.map(({ message, linePos }) => ({
    file,
    line: linePos?.[0].line ?? 1,
    message: `This is not valid YAML: ${message.split('\n')[0] ?? ''}`,
  }));
  if (problems.length > 0) return { cases: [], problems };

  const nodes = isSeq(document.contents) ? document.contents.items : [document.contents];
  const read: { text: CaseText; line: number; scripts: Record<string, string> }[] = [];
  const names = new Set<string>();
  for (const node of nodes) {
    const line = lineOf(node);
    const report = (at: number, message: string) => problems.push({ file, line: at, message });
    if (!isMap(node)) {
      report(line, 'A case is expected here: a map with `name`, `sql` and `expect` or `forbid`.');
      continue;
    }
    const result = caseSchema.safeParse(node.toJS(document));
    if (!result.success) {
      const { issues } = result.error;
      const misspelt = issues.filter(({ code }) => code === 'unrecognized_keys');
      for (const issue of misspelt.length > 0 ? misspelt : issues) {
        const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
        const at = key === undefined ? nodeAt(node, issue.path) : keyAt(nodeAt(node, issue.path), key);
        report(lineOf(at), `${issue.path.length > 0 ? `\`${issue.path.join('.')}\`` : 'The case'}: ${issue.message}.`);
      }
      continue;
    }
    const text = result.data;
    if (names.has(text.name)) report(line, `The name "${text.name}" is used twice in this file; every case needs a name of its own.`);
    names.add(text.name);
    const scripts = await scriptsOf(text, dirname(file));
    if (typeof scripts === 'string') {
      report(line, scripts);
      continue;
    }
    if (text.before !== undefined && hasManifest(scripts)) {
      report(line, '`before` cannot go with a manifest among the files: the manifest says what ran before.');
    }
    text.expect.forEach((expectation, index) => {
      const problem = placeProblem(scripts, expectation);
      if (problem) report(lineOf(nodeAt(node, ['expect', index])), problem);
    });
    read.push({ text, line, scripts });
  }
  const fileHazards = [...new Set(read.flatMap(({ text }) => [...text.expect.map(({ hazard }) => hazard), ...forbidden(text)]))].filter(
    (hazard) => hazard !== '*',
  );
  const cases = read.map(({ text, line, scripts }) => ({
    ...text,
    forbid: forbidden(text),
    source: file,
    sourceLine: line,
    scripts,
    fileHazards,
  }));
  return { cases, problems };
}

/** The file that an expectation is about. */
export function expectedFile(scripts: Readonly<Record<string, string>>, { file }: Pick<Expectation, 'file'>): string | undefined {
  if (file === 'down' && downName in scripts) return downName;
  if (file !== undefined) return file in scripts ? file : undefined;
  if (upName in scripts) return upName;
  const names = Object.keys(scripts);
  return names.length === 1 ? names[0] : undefined;
}

export function hasManifest(scripts: Readonly<Record<string, string>>): boolean {
  return Object.keys(scripts).some((name) => /^(.+\.)?upgrade\.ya?ml$/i.test(name));
}

function placeProblem(scripts: Readonly<Record<string, string>>, expectation: Expectation): string | undefined {
  const name = expectedFile(scripts, expectation);
  if (name === undefined) {
    const names = Object.keys(scripts).join(', ');
    return expectation.file === undefined
      ? `The expectation needs a \`file\`, one of: ${names}.`
      : `There is no file ${expectation.file}; there are: ${names}.`;
  }
  const script = scripts[name] ?? '';
  const { lineCount } = new LineIndex(script);
  if (expectation.line > lineCount) return `Line ${expectation.line} is expected to be in ${name}, which has ${lineCount} lines.`;
  if (expectation.text !== undefined && !script.includes(expectation.text)) {
    return `The expected \`text\` does not stand in ${name} as it is written here.`;
  }
  return undefined;
}

function forbidden({ forbid }: CaseText): readonly string[] {
  return forbid === '*' ? ['*'] : forbid;
}

/** The scripts of a case, or what is wrong with its folder. */
async function scriptsOf({ sql, down, files, dir }: CaseText, folder: string): Promise<Record<string, string> | string> {
  if (sql !== undefined) return { [upName]: sql, ...(down === undefined ? {} : { [downName]: down }) };
  if (files) return files;
  const root = join(folder, dir ?? '');
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return `\`dir\`: ${dir ?? ''} is expected to be a folder beside this file (${basename(folder)}).`;
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    paths.map(async (path) => [relative(root, path).replaceAll('\\', '/'), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(texts);
}

function keyAt(map: unknown, name: string): unknown {
  const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
  return pair?.key ?? map;
}

/** The node at a path, or the nearest above it that is written. */
function nodeAt(root: Node, path: readonly PropertyKey[]): unknown {
  let node: unknown = root;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) return node;
      node = pair.value ?? pair.key;
    } else if (isSeq(node) && typeof key === 'number') node = node.items[key] ?? node;
    else return node;
  }
  return node;
}
