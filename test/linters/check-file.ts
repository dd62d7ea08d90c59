import { checks } from '#engine/checking/checks/registry/index';
import { runChecks } from '#engine/checking/checks/runner/run-checks';
import { statementContexts } from '#engine/checking/context/statement-contexts';
import type { Finding } from '#engine/core/finding';
import { ProblemError } from '#engine/core/problem';
import { LineIndex } from '#engine/core/text';
import { memoryFiles } from '#engine/host/memory-files';
import { analyse } from '#engine/checking/analysis/analysis';
import { openProject } from '#engine/checking/project/open-project';
import type { Project } from '#engine/checking/project/project';
import type { Shadow, StatementObservation } from '#engine/databases/observation';
import type { LinterFile } from './linter-file';

const folder = '/project';

/** What the embedded database said of one statement. */
interface Answer {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  /** Locks, rewrites, scans, changes and errors in words. */
  readonly facts: string;
}

/** What became of one test of another linter. */
export interface CheckedFile {
  readonly file: LinterFile;
  /** With the checks that are on by themselves. */
  readonly byDefault: readonly Finding[];
  /** With every check on. */
  readonly withAll: readonly Finding[];
  readonly answers: readonly Answer[];
  /** Why nothing could be checked. */
  readonly broken: string | undefined;
  /** Warnings and errors that the database does not bear out by what it saw. */
  readonly unconfirmed: ReadonlySet<Finding>;
}

/** Checks the scripts of a test as a stranger's files. */
export async function checkFile(file: LinterFile, shadow: Shadow): Promise<CheckedFile> {
  try {
    return await checked(file, shadow);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { file, byDefault: [], withAll: [], answers: [], broken: error.problem.message, unconfirmed: new Set() };
  }
}

async function checked(file: LinterFile, shadow: Shadow): Promise<CheckedFile> {
  const files = memoryFiles(Object.fromEntries(Object.entries(file.scripts).map(([path, text]) => [`${folder}/${path}`, text])));
  const path = file.read === 'loose' ? `${folder}/${Object.keys(file.scripts)[0] ?? ''}` : `${folder}/migrations`;
  const opened = await openProject({ files, paths: [path], minimum: file.minimum });
  if (!opened.ok) throw new ProblemError(opened.problem);
  const project = file.inTransaction ? inTransaction(opened.value) : opened.value;
  const analysis = await analyse(project, { shadow, rehearse: 'none' });
  if (analysis.shadowProblem) throw new ProblemError(analysis.shadowProblem);
  const everything = Object.fromEntries(checks.flatMap(({ id, optIn, severity }) => (optIn ? [[id, severity]] : [])));
  const withAll = runChecks(analysis.context, checks, { ...project.configuration, ...everything });
  const places = analysis.context.chain.flatMap((migration) => {
    const lines = new LineIndex(migration.up.script.text);
    return [...statementContexts(migration, analysis.context)].map((each) => ({
      ...each,
      line: lines.positionAt(each.statement.start).line + 1,
    }));
  });
  const observed = (finding: Finding): StatementObservation | undefined =>
    places.find(
      ({ script, statement: { start, end } }) =>
        script.script.file === finding.file && start <= finding.range.start && finding.range.start <= end,
    )?.observation;
  return {
    file,
    byDefault: analysis.findings,
    withAll,
    broken: undefined,
    unconfirmed: new Set(analysis.findings.filter((finding) => isLoud(finding) && !isBorneOut(observed(finding)))),
    answers: places.map(({ script, statement, line, observation }) => ({
      file: script.script.file.slice(folder.length + 1),
      line,
      sql: statement.text.replace(/\s+/g, ' ').slice(0, 160),
      facts: factsOf(observation),
    })),
  };
}

/** A runner that opens a transaction around the script, which is then known. */
function inTransaction(project: Project): Project {
  const { directory } = project;
  if (!directory) return project;
  const known = { transaction: 'script', transactionHeader: { start: 0, end: 0 } } as const;
  const migrations = directory.migrations.map((each) => ({ ...each, up: { ...each.up, ...known } }));
  return { ...project, directory: { ...directory, migrations } };
}

export function isLoud({ severity }: Finding): boolean {
  return severity === 'warning' || severity === 'error';
}

/** True where the database saw what such a finding can rest on: a lock that conflicts with writes, work on existing rows, a change, an error. */
function isBorneOut(observation: StatementObservation | undefined): boolean {
  if (!observation) return false;
  const { locks, rewrites, scans, changes, error } = observation;
  if (error) return error.gaveUp === undefined;
  const conflicts = locks.some(({ mode, existedBefore }) => existedBefore && !/^(?:AccessShare|RowShare|RowExclusive)$/.test(mode));
  return conflicts || rewrites.length > 0 || scans.length > 0 || changes.length > 0;
}

function factsOf(observation: StatementObservation | undefined): string {
  if (!observation) return 'was not run';
  const { locks, rewrites, scans, changes, error, locksKnown } = observation;
  const existing = locks.filter(({ existedBefore }) => existedBefore);
  const facts = [
    existing.map(({ mode, relation }) => `${mode} on ${relation}`).join(', '),
    rewrites.length > 0 ? `rewrites ${rewrites.join(', ')}` : '',
    scans.length > 0 ? `reads all of ${scans.join(', ')}` : '',
    changes.map(({ kind, object }) => `${kind} ${object}`).join(', '),
    error ? `${error.gaveUp ? `not run (${error.gaveUp})` : 'error'} ${error.sqlstate}: ${error.message}` : '',
    locksKnown || error ? '' : 'locks cannot be seen',
  ].filter((fact) => fact !== '');
  return facts.join('; ') || 'no lock on an existing relation';
}
