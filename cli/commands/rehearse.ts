import { type Problem, ProblemError } from '#engine/core/problem';
import { dialectTitles } from '#engine/core/dialects';
import type { LayoutName } from '#engine/core/scripts';
import { analyse, type Project } from '#engine/operations/checking';
import type { RoundTrip } from '#engine/databases/observation';
import { exitCodes } from '../exit-codes';
import { styleFor } from '../output/style';
import { progressLine } from '../progress';
import { hasScripts, openProjects } from '../projects';
import { withShadow } from '../shadow';
import type { Terminal } from '../terminal';
import { databaseOf } from '#engine/databases/registry/index';

export interface RehearseOptions {
  readonly format: 'text' | 'json';
  readonly layout: LayoutName | 'auto';
}

/** `rehearse`: runs every migration up, down and up again in the embedded database and says what came back. */
export async function rehearse(terminal: Terminal, path: string | undefined, options: RehearseOptions): Promise<number> {
  const style = styleFor(terminal.colors);
  const progress = progressLine(terminal, style);
  const projects = await openProjects(terminal, path === undefined ? [] : [path], { layout: options.layout });
  if (!projects.some(hasScripts)) throw new ProblemError(nothingToRehearse(projects));
  const trips: RoundTrip[] = [];
  await withShadow(terminal, async (shadow) => {
    for (const project of projects) {
      const { context, shadowProblem } = await analyse(project, {
        shadow,
        checks: [],
        observe: false,
        signal: terminal.signal,
        onProgress: terminal.isInteractive ? progress.report : undefined,
      });
      if (shadowProblem) terminal.err(`${shadowProblem.message} ${shadowProblem.remedy}\n`);
      trips.push(...context.chain.flatMap(({ roundTrip }) => (roundTrip ? [roundTrip] : [])));
    }
  });
  progress.done();
  if (trips.length === 0) throw new ProblemError(nothingToRehearse(projects));
  if (options.format === 'json') {
    const migrations = trips.map(({ id, up, down, schemaRestored, rowsRestored, differences, message }) => ({
      id,
      up,
      down,
      schemaRestored,
      rowsRestored,
      differences,
      message,
    }));
    terminal.out(`${JSON.stringify({ migrations }, null, 2)}\n`);
  } else {
    const untried = trips.filter((trip) => isGood(trip) && trip.down === 'none').length;
    for (const trip of trips) {
      const mark = !isGood(trip) ? style.red('bad ') : trip.down === 'none' ? style.dim('none') : style.green('ok  ');
      terminal.out(`${mark} ${style.bold(trip.id)} ${trip.message}\n`);
    }
    const restored = `Restored by their down scripts: ${trips.filter(isGood).length - untried} of ${trips.length} migrations.`;
    terminal.out(`\n${restored}${untried > 0 ? ` Without a down script: ${untried}.` : ''}\n`);
  }
  return trips.every(isGood) ? exitCodes.clean : exitCodes.findings;
}

function nothingToRehearse(projects: readonly Project[]): Problem {
  const other = projects.find(({ directory }) => directory && !databaseOf(directory.dialect))?.directory;
  return {
    code: 'nothing-to-check',
    message: other
      ? `There is nothing to rehearse: the scripts in ${other.path} are for ${dialectTitles[other.dialect]}, not for PostgreSQL.`
      : 'There is nothing to rehearse: no migration could be run.',
    remedy: other
      ? 'Specify other migrations, or set `dialect: postgresql` in .mem8-upgrade.yaml if this is wrong.'
      : 'Specify a manifest (upgrade.yaml) or a directory with migrations.',
  };
}

function isGood({ up, down, schemaRestored, rowsRestored }: RoundTrip): boolean {
  return up !== 'error' && down !== 'error' && schemaRestored !== false && rowsRestored !== false;
}
