import { basename, extname, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ProblemError } from '#engine/core/problem';
import type { ScoreCase } from './case-format';
import { type CaseProblem, readCases } from './read-cases';
import { jsonReport, textReport } from './report';
import { isPerfect, score } from './score';

const usage = 'Usage: npm run score -- [<folder or file of cases>] [--only P12] [--json]';

/** What the command needs from its process. */
export interface ScoreProcess {
  readonly arguments: readonly string[];
  readonly defaultCases: string;
  /** Absolute paths of the bundled shadow worker and of the embedded database's asset folder. */
  readonly worker: string;
  readonly assets: string;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** Runs the command. Exit code 0: everything is as the cases say; 1: it is not; 2: the cases or the arguments cannot be used. */
export async function main({ arguments: words, defaultCases, worker, assets, write, writeError }: ScoreProcess): Promise<number> {
  const parsed = parsedArguments(words);
  if (typeof parsed === 'string') {
    writeError(`${parsed}\n${usage}\n`);
    return 2;
  }
  const { path = defaultCases, only, json } = parsed;
  const { cases, problems } = await readCases(path);
  if (problems.length > 0) {
    writeError(problems.map(problemLine).join(''));
    return 2;
  }
  const chosen = cases.filter((each) => only.length === 0 || only.some((hazard) => isAbout(each, hazard)));
  if (chosen.length === 0) {
    writeError(`No case in ${path} is about ${only.join(', ')}.\n`);
    return 2;
  }
  try {
    const result = await score(chosen, { worker, assets });
    write(json ? jsonReport(result) : textReport(result));
    return isPerfect(result) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    writeError(`${error.problem.message} ${error.problem.remedy}\n`);
    return 2;
  }
}

/** True for a case that names a hazard, or whose file has its name. */
function isAbout({ source, expect, forbid }: ScoreCase, hazard: string): boolean {
  const fileHazard = basename(source, extname(source))
    .replace(/^([A-Za-z]+)0+(?=\d)/, '$1')
    .toUpperCase();
  return fileHazard === hazard || forbid.includes(hazard) || expect.some((each) => each.hazard === hazard);
}

function parsedArguments(words: readonly string[]): { path?: string; only: string[]; json: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { only: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } },
    });
    const [path, ...more] = positionals;
    if (more.length > 0) return `One folder or file is expected, not ${positionals.length}.`;
    const only = (values.only ?? []).flatMap((text) => text.split(',')).map((hazard) => hazard.trim().toUpperCase());
    return { path, only, json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function problemLine({ file, line, message }: CaseProblem): string {
  return `${relative(process.cwd(), file)}:${line} ${message}\n`;
}
