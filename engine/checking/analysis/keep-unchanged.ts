import type { MigrationContext, ProjectContext, ScriptContext } from '../context/context';
import type { Script } from '../../core/scripts';
import type { Language } from '../../databases/database';
import type { Project } from '../project/project';

/** The script parsed, or as an earlier analysis parsed it when it is the same. */
export function parsedScript<Tree>(
  script: Script,
  language: Language<Tree>,
  earlier: ScriptContext<Tree> | undefined,
): ScriptContext<Tree> {
  return earlier && isSameScript(earlier.script, script) ? earlier : { script, statements: language.parse(script) };
}

function isSameScript(a: Script, b: Script): boolean {
  return (
    a.sql === b.sql &&
    a.text === b.text &&
    a.file === b.file &&
    a.transaction === b.transaction &&
    a.isMeantOutside === b.isMeantOutside &&
    a.direction === b.direction &&
    isSentAlike(a, b)
  );
}

/** True when the tool puts the same values into both scripts. */
export function isSentAlike(a: Script | undefined, b: Script | undefined): boolean {
  return a?.sql === b?.sql && JSON.stringify(a?.replacements ?? []) === JSON.stringify(b?.replacements ?? []);
}

/** Everything but the migrations that findings depend on, as a text to compare. */
export function settingsOf(project: Project): string {
  const {
    manifest,
    directory,
    minimum,
    guessesMinimum,
    completeHistory,
    statistics,
    baseline,
    platforms = [],
    systems,
    today,
    configuration,
    settlement,
  } = project;
  const sizes = statistics && [statistics.file, statistics.takenAt, [...statistics.tables]];
  return JSON.stringify([
    manifest?.text,
    directory?.layout,
    directory?.runner,
    directory?.dialect,
    minimum,
    guessesMinimum,
    completeHistory,
    sizes,
    baseline?.text,
    platforms.map(({ name }) => name),
    [...systems],
    today,
    configuration,
    settlement.by,
    [...settlement.migrations],
    [...settlement.files],
    settlement.removed,
  ]);
}

/**
 * The migrations with the objects of an earlier chain for those at its beginning that are the same, together with all others
 * of their release and everything before: what is remembered by such an object still holds.
 */
export function keepUnchanged<Tree>(
  chain: readonly MigrationContext<Tree>[],
  earlier: ProjectContext<Tree>['chain'],
): MigrationContext<Tree>[] {
  const firstChange = chain.findIndex((each, index) => !isSame(each, earlier[index]));
  if (firstChange < 0 && chain.length === earlier.length) return [...earlier];
  let cut = firstChange < 0 ? chain.length : firstChange;
  // A release is one unit: what is done in one of its migrations changes what the others mean.
  const release = (chain[cut] ?? earlier[cut])?.release;
  while (cut > 0 && release !== undefined && (chain[cut - 1]?.release === release || earlier[cut - 1]?.release === release)) cut--;
  return chain.map((each, index) => (index < cut ? (earlier[index] ?? each) : each));
}

function isSame(a: MigrationContext<unknown>, b: MigrationContext<unknown> | undefined): boolean {
  return (
    b !== undefined &&
    a.migration.id === b.migration.id &&
    a.release === b.release &&
    a.up === b.up &&
    a.down === b.down &&
    a.roundTrip === b.roundTrip &&
    a.observation?.statements === b.observation?.statements &&
    a.observation?.afterFailure === b.observation?.afterFailure &&
    a.observation?.unseeded?.length === b.observation?.unseeded?.length &&
    JSON.stringify(a.pendingFailures) === JSON.stringify(b.pendingFailures) &&
    JSON.stringify(a.window) === JSON.stringify(b.window) &&
    a.assumed.length === b.assumed.length &&
    a.assumed.every(
      ({ object, sql, from }, index) =>
        object === b.assumed[index]?.object && sql === b.assumed[index]?.sql && from?.directory === b.assumed[index]?.from?.directory,
    )
  );
}
