import type { Files } from '../../../../core/host';
import { parentFolder, resolvePath } from '../../../../core/paths';
import { failure, type Outcome, outcomeOf, success } from '../../../../core/problem';
import { LineIndex, type TextRange } from '../../../../core/text';
import { capitalised, sentences, withStop } from '../../../../core/wording';
import type { ApiChange, ApiDocument, ApiFormat, ApiPlace } from '../api-format';
import { elementIn } from './proto-elements';
import { usedFiles } from './used-files';

/** The description's name in the folders that are compared: the same in both, whatever the files are called. */
const mainName = 'main.proto';
/** How many folders above the description are searched for the files that it imports. */
const levels = 6;

/** Protocol Buffers, compared by `buf breaking` with the rules of its category FILE; changes of files that the API does not use do not count. */
export const protobufFormat: ApiFormat = {
  kind: 'protobuf',
  recognises: (file, text) => /\.proto$/i.test(file) || /^\s*(?:\/\/[^\n]*\n\s*)*(?:syntax|edition)\s*=\s*["']/.test(text),
  read: (file, files) =>
    outcomeOf(async () => {
      const sources = new Map<string, string>();
      await readSource(file, files, sources);
      return { kind: 'protobuf', file, sources };
    }),
  async compare(older, newer) {
    const { runBufBreaking, runBufBuild } = await import('./buf');
    const output = await runBufBreaking({ older: byImport(older).texts, newer: byImport(newer).texts });
    if (output.kind === 'missing') {
      return failure({
        code: 'api-tool-missing',
        message: 'Protocol Buffers descriptions are compared with the program buf, which is not on the PATH.',
        remedy: 'Install buf (https://buf.build/docs/cli/installation), or `npm install @bufbuild/buf` and run this from an npm script.',
      });
    }
    if (output.kind === 'failed') return failure({ ...invalid(newer.file), cause: output.message });
    const findings = output.lines
      .split('\n')
      .filter((each) => each.startsWith('{'))
      .map((line) => JSON.parse(line) as BufFinding);
    const hidden = hiddenImports(older, newer);
    if (findings.every((finding) => fileOf(finding) === mainName)) return changesOf(findings, older, newer, hidden);
    const image = await runBufBuild(byImport(older).texts);
    const used = image.kind === 'done' ? usedFiles(image.lines, mainName) : undefined;
    return changesOf(
      findings.filter((finding) => finding.type === 'COMPILE' || used?.has(fileOf(finding)) !== false),
      older,
      newer,
      hidden,
    );
  },
};

/** The file that a finding is about, as imports name it. */
function fileOf({ path, message }: BufFinding): string {
  return path?.replace(/^(older|newer)\//, '') ?? /^Previously present file "([^"]+)"/.exec(message)?.[1] ?? mainName;
}

async function readSource(file: string, files: Files, sources: Map<string, string>): Promise<void> {
  const text = await files.readText(file);
  sources.set(file, text);
  for (const path of importsOf(text)) {
    let folder = parentFolder(file);
    for (let level = 0; level < levels; level++, folder = parentFolder(folder)) {
      const candidate = resolvePath(folder, path);
      if (sources.has(candidate)) break;
      if ((await files.kind(candidate)) !== 'file') continue;
      await readSource(candidate, files, sources);
      break;
    }
  }
}

function importsOf(text: string, kind = '(?:public\\s+|weak\\s+|option\\s+)?'): string[] {
  return [...text.matchAll(new RegExp(`^\\s*import\\s+${kind}["']([^"'\\n]+)["']\\s*;`, 'gm'))].map(([, path = '']) => path);
}

/** The files whose types those who import a description get with it. */
function publicImports(document: ApiDocument): Set<string> {
  const { texts } = byImport(document);
  const found = new Set([mainName]);
  for (const name of found) for (const path of importsOf(texts.get(name) ?? '', 'public\\s+')) found.add(path);
  found.delete(mainName);
  return found;
}

/** Imports that are no longer public. Removed files have a change of their own. */
function hiddenImports(older: ApiDocument, newer: ApiDocument): ApiChange[] {
  const { texts } = byImport(newer);
  const kept = publicImports(newer);
  const hidden = [...publicImports(older)].filter((path) => !kept.has(path) && texts.has(path));
  const text = newer.sources.get(newer.file) ?? '';
  return hidden.map((path) => ({
    id: 'public-import-removed',
    impact: 'risky',
    message: `\`${path}\` is no longer imported publicly`,
    details: 'Descriptions that import this one no longer get its types.',
    place: { file: newer.file, range: rangeOf(text, { start_line: lineOfImport(text, path), type: '', message: '' }) },
  }));
}

function lineOfImport(text: string, path: string): number {
  return text.slice(0, Math.max(0, text.indexOf(path))).split('\n').length;
}

/** Texts by the path that imports name, and the absolute path of each. */
function byImport({ file, sources }: ApiDocument) {
  const texts = new Map<string, string>();
  const files = new Map<string, string>();
  const add = (name: string, source: string): void => {
    texts.set(name, sources.get(source) ?? '');
    files.set(name, source);
    for (const path of importsOf(sources.get(source) ?? '')) {
      const imported = [...sources.keys()].find((each) => each.endsWith(`/${path}`));
      if (imported !== undefined && !texts.has(path) && !path.split('/').includes('..')) add(path, imported);
    }
  };
  add(mainName, file);
  return { texts, files };
}

interface BufFinding {
  readonly path?: string;
  readonly start_line?: number;
  readonly start_column?: number;
  readonly end_line?: number;
  readonly end_column?: number;
  readonly type: string;
  readonly message: string;
}

function changesOf(
  findings: readonly BufFinding[],
  older: ApiDocument,
  newer: ApiDocument,
  others: readonly ApiChange[],
): Outcome<ApiChange[]> {
  const changes = [...others];
  for (const found of findings) {
    const side = found.path?.startsWith('older/') ? older : newer;
    const file = byImport(side).files.get(found.path?.replace(/^(older|newer)\//, '') ?? '') ?? side.file;
    if (found.type === 'COMPILE') return failure({ ...invalid(file), line: found.start_line, cause: found.message });
    const element = elementIn(older, found.message);
    const isRemoval = /_NO_DELETE(_|$)/.test(found.type);
    const { message, details } = textOf(found);
    changes.push({
      id: found.type.toLowerCase().replaceAll('_', '-'),
      // Options of files matter only to the generators of some languages.
      impact: /^FILE_SAME_(?!PACKAGE|SYNTAX)/.test(found.type) ? 'risky' : 'breaking',
      message,
      details: sentences(details, isRemoval ? `It was ${element?.deprecated === true ? '' : 'not '}deprecated.` : undefined) ?? details,
      place: { file, range: rangeOf(side.sources.get(file) ?? '', found) },
      before: element?.place,
      announced: isRemoval ? (element?.deprecated ?? false) : undefined,
    });
  }
  return success(changes);
}

function invalid(file: string) {
  return {
    code: 'api-invalid',
    message: `${file} is not a valid Protocol Buffers description.`,
    remedy: 'Correct the description here.',
    file,
  } as const;
}

/** The first line of what buf names. */
function rangeOf(text: string, found: BufFinding): ApiPlace['range'] {
  const lines = new LineIndex(text);
  const offset = (line = 1, column = 1) => lines.offsetAt({ line: line - 1, character: column - 1 });
  const range: TextRange = { start: offset(found.start_line, found.start_column), end: offset(found.end_line, found.end_column) };
  const first = text.slice(range.start, Math.max(range.start, range.end)).split(/[\r\n]/, 1)[0] ?? '';
  if (first !== '') return { start: range.start, end: range.start + first.trimEnd().length };
  const whole = text.slice(range.start).split(/[\r\n]/, 1)[0] ?? '';
  return { start: range.start, end: range.start + whole.trimEnd().length };
}

/** What buf says, without what is the same in all messages; its further sentences are details. */
function textOf(found: BufFinding): { readonly message: string; readonly details: string } {
  const generated = 'Code generated from the earlier description no longer fits.';
  if (found.type === 'FILE_NO_DELETE') return { message: `The types of "${fileOf(found)}" are no longer imported`, details: generated };
  const [first = '', ...others] = found.message.replace(/^Previously present /, '').split(/(?<=\.)\s+(?=[A-Z])/);
  const message = capitalised(first).replace(/\.$/, '');
  return { message, details: [...others.map(withStop), generated].join(' ') };
}
