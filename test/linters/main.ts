import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createShadow } from '#engine/databases/postgresql/shadow/shadow';
import { type CheckedFile, checkFile } from './check-file';
import { dieselGuard } from './diesel-guard';
import { eugene } from './eugene';
import { readExplanations } from './explanations';
import { languageServer } from './language-server';
import type { LinterFile, LinterReader } from './linter-file';
import { jsonReport, textReport } from './report';
import { squawk } from './squawk';
import { verdictOn } from './verdict';

const usage = 'Usage: npm run linters -- <folder with checkouts> [--only <part of a test name>] [--json]';
const readers: readonly LinterReader[] = [squawk, languageServer, eugene, dieselGuard];
const mostShadows = 2;

/** What the command needs from its process. */
export interface LintersProcess {
  readonly arguments: readonly string[];
  /** Absolute path of the committed explanations. */
  readonly explanations: string;
  /** Absolute paths of the bundled shadow worker and of the embedded database's asset folder. */
  readonly worker: string;
  readonly assets: string;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** Runs the command. Exit code 0: every disagreement is explained; 1: one is not; 2: nothing can be read. */
export async function main({ arguments: words, explanations, worker, assets, write, writeError }: LintersProcess): Promise<number> {
  const parsed = parsedArguments(words);
  if (typeof parsed === 'string') {
    writeError(`${parsed}\n${usage}\n`);
    return 2;
  }
  const files = (await readTests(parsed.folder)).filter(({ tool, name }) => `${tool} ${name}`.includes(parsed.only));
  if (files.length === 0) {
    writeError(`No tests of a known linter are in ${parsed.folder} or in the folders in it.\n`);
    return 2;
  }
  const known = await readExplanations(explanations);
  const checked = await checkAll(files, { worker, assets });
  const verdicts = checked.map((each) => verdictOn(each, known));
  write(parsed.json ? jsonReport(verdicts) : textReport(verdicts));
  return verdicts.some(({ disagreements }) => disagreements.some(({ explanation }) => !explanation)) ? 1 : 0;
}

/** The tests of every linter that a folder is a checkout of, or has a checkout of. */
export async function readTests(folder: string): Promise<LinterFile[]> {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : [];
  const places = [folder, ...entries.filter((each) => each.isDirectory()).map(({ name }) => join(folder, name))];
  const found = readers.flatMap((reader) => {
    const checkout = places.find((place) => existsSync(join(place, reader.marker)));
    return checkout === undefined ? [] : [reader.read(checkout)];
  });
  return (await Promise.all(found)).flat();
}

async function checkAll(files: readonly LinterFile[], options: { worker: string; assets: string }): Promise<CheckedFile[]> {
  const results = new Map<LinterFile, CheckedFile>();
  const queue = [...files];
  const work = async () => {
    const shadow = await createShadow(options);
    try {
      for (let file = queue.shift(); file; file = queue.shift()) results.set(file, await checkFile(file, shadow));
    } finally {
      await shadow.dispose();
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostShadows, files.length) }, work));
  return files.flatMap((file) => results.get(file) ?? []);
}

function parsedArguments(words: readonly string[]): { folder: string; only: string; json: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { only: { type: 'string', default: '' }, json: { type: 'boolean', default: false } },
    });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) return `One folder is expected, not ${positionals.length}.`;
    return { folder: resolve(folder), only: values.only, json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
