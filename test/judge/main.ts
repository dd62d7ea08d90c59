import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { severities, type Severity } from '#engine/core/finding';
import { ProblemError } from '#engine/core/problem';
import { layoutNames, type LayoutName } from '#engine/core/scripts';
import { afterRun, formatMarks, type Mark, parseMarks, summary, type Verdict, verdicts, withMark } from './marks';
import type { Report, Reported } from './reported';
import { report } from './run';
import { sample } from './sample';
import { blockOf, countLines, goneLines } from './show';

const usage = `Usage: npm run judge -- <checkout> [--sample 40] [--seed 1] [--check ID] [--severity warning] [--layout NAME]
       npm run judge -- <checkout> --count
       npm run judge -- <checkout> --mark FINGERPRINT=right|wrong|unsure [--why TEXT]
       npm run judge -- --summary
Each with [--project owner/name] [--marks FILE].`;

/** What the command needs from its process. */
export interface JudgeProcess {
  readonly arguments: readonly string[];
  readonly cwd: string;
  /** The file with the marks, and the folder in which the last run over each project is kept. */
  readonly marks: string;
  readonly kept: string;
  readonly worker: string;
  readonly assets: string;
  /** Resolves with undefined where there is no terminal. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

type Options = ReturnType<typeof readArguments>;

/** Runs the command. Exit code 0: done; 2: the arguments or the checkout cannot be used. */
export async function main(process: JudgeProcess): Promise<number> {
  try {
    await run(readArguments(process), process);
    return 0;
  } catch (error) {
    if (error instanceof ProblemError) process.writeError(`${error.problem.message} ${error.problem.remedy}\n`);
    else if (error instanceof WrongUse) process.writeError(`${error.message}\n${usage}\n`);
    else throw error;
    return 2;
  }
}

class WrongUse extends Error {}

async function run(options: Options, process: JudgeProcess): Promise<void> {
  const marks = existsSync(options.marks) ? parseMarks(readFileSync(options.marks, 'utf8')) : [];
  const { checkout } = options;
  if (options.summary) return process.write(summary(marks));
  if (checkout === undefined) throw new WrongUse('A checkout is expected.');
  const project = options.project ?? projectName(checkout);
  const keptFile = join(process.kept, `${project.replace('/', '+')}.json`);
  if (options.mark.length > 0) {
    if (!existsSync(keptFile)) throw new WrongUse(`There is no run over ${project} yet: show its findings first.`);
    const { findings } = JSON.parse(await readFile(keptFile, 'utf8')) as Report;
    const marked = options.mark.reduce<Mark[]>((all, text) => markedBy(text, all, project, findings, options.why), marks);
    return writeFile(options.marks, formatMarks(marked));
  }
  const found = await report({ checkout, project, layout: options.layout, worker: process.worker, assets: process.assets });
  await mkdir(process.kept, { recursive: true });
  await writeFile(keptFile, JSON.stringify(found));
  const worst = severities.indexOf(options.severity);
  const wanted = found.findings.filter(
    ({ severity, check }) => severities.indexOf(severity) <= worst && (options.check === undefined || check === options.check),
  );
  if (options.count) return process.write(countLines({ ...found, findings: wanted }));
  let current = afterRun(marks, found);
  if (marks.length > 0) await writeFile(options.marks, formatMarks(current));
  process.write(goneLines(current, found));
  for (const finding of sample(wanted, options.sample, options.seed)) {
    const mark = current.find((each) => each.project === project && each.fingerprint === finding.fingerprint);
    process.write(`${blockOf(finding, mark)}\n`);
    if (mark) continue;
    const verdict = await asked(process);
    if (verdict === 'quit') return;
    if (verdict === undefined) continue;
    const why = (await process.ask('why? '))?.trim();
    current = withMark(current, project, finding, verdict, why === '' ? undefined : why);
    await writeFile(options.marks, formatMarks(current));
  }
}

async function asked({ ask }: JudgeProcess): Promise<Verdict | 'quit' | undefined> {
  for (;;) {
    const answer = (await ask('[r]ight, [w]rong, [u]nsure, [s]kip or [q]uit? '))?.trim().toLowerCase();
    if (answer === undefined || answer === 's') return undefined;
    const chosen = ([...verdicts, 'quit'] as const).find((each) => answer !== '' && each.startsWith(answer));
    if (chosen) return chosen;
  }
}

function markedBy(text: string, marks: readonly Mark[], project: string, findings: readonly Reported[], why: string | undefined): Mark[] {
  const [fingerprint, word] = text.split('=');
  const verdict = verdicts.find((each) => each === word);
  const finding = findings.find((each) => each.fingerprint === fingerprint);
  if (!verdict) throw new WrongUse(`A mark is FINGERPRINT=${verdicts.join('|')}, not ${text}.`);
  if (!finding) throw new WrongUse(`The last run over ${project} has no finding ${fingerprint ?? ''}.`);
  return withMark(marks, project, finding, verdict, why);
}

/** `owner/name`: of the repository's remote, else of a folder `owner+name`. */
function projectName(checkout: string): string {
  const folder = basename(checkout);
  if (folder.includes('+')) return folder.replace('+', '/');
  try {
    const url = execFileSync('git', ['-C', checkout, 'remote', 'get-url', 'origin'], { encoding: 'utf8', stdio: 'pipe' });
    return /([^/:]+\/[^/]+?)(?:\.git)?\s*$/.exec(url)?.[1] ?? folder;
  } catch {
    return folder;
  }
}

function readArguments({ arguments: words, cwd, marks }: JudgeProcess) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        sample: { type: 'string', default: '40' },
        seed: { type: 'string', default: '1' },
        check: { type: 'string' },
        severity: { type: 'string', default: 'warning' },
        layout: { type: 'string', default: 'auto' },
        project: { type: 'string' },
        marks: { type: 'string' },
        mark: { type: 'string', multiple: true, default: [] },
        why: { type: 'string' },
        count: { type: 'boolean', default: false },
        summary: { type: 'boolean', default: false },
      },
    });
    if (positionals.length > 1) throw new WrongUse(`One checkout is expected, not ${positionals.length}.`);
    return {
      ...values,
      checkout: positionals[0] === undefined ? undefined : resolve(cwd, positionals[0]),
      sample: numberOf('sample', values.sample),
      seed: numberOf('seed', values.seed),
      severity: oneOf<Severity>('severity', values.severity, severities),
      layout: oneOf<LayoutName | 'auto'>('layout', values.layout, ['auto', ...layoutNames]),
      marks: values.marks === undefined ? marks : resolve(cwd, values.marks),
    };
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function numberOf(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new WrongUse(`--${option} is a whole number, not ${text}.`);
  return Number(text);
}

function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === text);
  if (found === undefined) throw new WrongUse(`--${option} is one of ${choices.join(', ')}, not ${text}.`);
  return found;
}
