import type { Basis, CheckGroup, Finding, UnverifiedBasis } from '../../../core/finding';
import type { Script } from '../../../core/scripts';
import type { Statement } from '../../../databases/statement';
import type { Check, FindingDraft } from '../check';
import type { ProductChecks, SqlFile } from '../product-checks';
import { checksFor, productChecksOf, type RegisteredCheck } from '../registry/index';
import type { MigrationContext, ProjectContext, ScriptContext, StatementContext } from '../../context/context';
import { type CheckConfiguration, configuredSeverity } from '../../context/configuration';
import { type IgnoreComment, ignoreComments, type IgnoreSubject, silencing } from '../support/ignore-comments';
import { statementContexts } from '../../context/statement-contexts';
import { isTooLargeToReplay } from '../../context/replay-limits';
import { check as unusedIgnore } from '../syntax/unused-ignore';
import { unusedFinding, unusedNames } from './unused-ignores';

/**
 * What the checks found in each migration. A migration's context is the same object as in an earlier analysis only where
 * nothing that its findings depend on has changed, apart from migrations after its release: see `keepUnchanged` in analysis/.
 */
export type FindingMemory = WeakMap<MigrationContext<unknown>, Map<string, readonly Found[]>>;

/** One migration whose findings are wanted at once, and what was found elsewhere before. */
interface Focus<Tree> {
  readonly migration: MigrationContext<Tree>;
  readonly others: readonly Finding[];
}

interface RunOptions<Tree> {
  readonly memory?: FindingMemory;
  /** Only the files of one migration are looked at. */
  readonly focus?: Focus<Tree> | undefined;
}

/**
 * Runs checks over a project and returns their findings, ordered by file and place.
 * Configured severities are applied; ignored findings, and fixes that the oldest server would refuse, are left out. Ignore
 * comments that silenced nothing are findings too. What has one cause in a file is told once, see `grouped`.
 */
export function runChecks(project: ProjectContext, checks: readonly Check[], configuration: CheckConfiguration = {}): Finding[] {
  return runChecksFor(productChecksOf(project.directory?.dialect), project, checks, configuration);
}

/** As `runChecks`, for the product that is given; undefined where the scripts are for one that is not known. */
export function runChecksFor<Tree>(
  product: ProductChecks<Tree> | undefined,
  project: ProjectContext<Tree>,
  checks: readonly Check<Tree>[],
  configuration: CheckConfiguration,
  { memory = new WeakMap(), focus }: RunOptions<Tree> = {},
): Finding[] {
  const rules: Rules<Tree> = { product, all: checksFor(product) };
  const chain = focus ? [focus.migration] : project.chain;
  const files = scriptFiles(chain);
  const root = project.manifest?.path ?? project.directory?.path ?? '';
  const findings: Found[] = [];
  for (const check of checks) {
    const group = groupOf(check, rules);
    const severity = configuredSeverity({ id: check.id, group }, configuration);
    if (severity === 'off' || (check.optIn && severity === undefined)) continue;
    const finding = ({ file, draft, from }: PlacedDraft<Tree>): Found => {
      return {
        finding: {
          id: check.id,
          hazards: draft.hazards ?? check.hazards,
          group,
          severity: severity ?? draft.severity ?? check.severity,
          file: draft.file ?? file,
          range: draft.range,
          message: draft.message,
          details: draft.details,
          advice: draft.advice,
          verified: draft.verified ?? true,
          basis: basisOf(group, draft, from, product),
          related: draft.related ?? [],
          fixes: (draft.fixes ?? []).filter((fix) => product?.fitsServer(fix, files, project.minimum) ?? true),
        },
        cause: draft.cause,
        unsized: severity === undefined ? draft.unsized : undefined,
      };
    };
    if (check.project) for (const draft of check.project(project)) findings.push(finding({ file: root, draft }));
    if (!check.migration && !check.script && !check.statement) continue;
    const key = `${check.id} ${severity ?? ''}`;
    for (const migration of chain) {
      const remembered = check.looksAhead ? undefined : memory.get(migration)?.get(key);
      const own = remembered ?? [...draftsIn(check, migration, project, rules)].map(finding);
      if (!remembered) remember(memory, migration, key, own);
      findings.push(...own);
    }
  }
  const settled = settledBy(project, checks);
  const wanted = focus ? findings.filter(({ finding: { file } }) => files.has(file)) : findings;
  const kept = withoutIgnored(files, wanted, configuration, rules).sort((a, b) => byPlace(a.finding, b.finding));
  const own = grouped(kept).map(settled);
  const others = focus ? focus.others.filter(({ file }) => !files.has(file)) : [];
  return [...own, ...others].sort(byPlace);
}

/**
 * Marks findings in settled scripts. What is about the order or the place of migrations is settled only where all of them are; what
 * is about the settled scripts themselves never is.
 */
function settledBy({ settlement: { files } }: ProjectContext<unknown>, checks: readonly Check<unknown>[]): (finding: Finding) => Finding {
  if (files.size === 0) return (finding) => finding;
  const always = new Set(checks.filter(({ concernsSettled }) => concernsSettled).map(({ id }) => id));
  return (finding) => {
    const places = finding.group === 'history' ? [finding, ...finding.related] : [finding];
    return !always.has(finding.id) && places.every(({ file }) => files.has(file)) ? { ...finding, settled: true } : finding;
  };
}

function remember(memory: FindingMemory, migration: MigrationContext<unknown>, key: string, findings: readonly Found[]): void {
  const own = memory.get(migration) ?? new Map<string, readonly Found[]>();
  own.set(key, findings);
  memory.set(migration, own);
}

/** What goes for all checks of a run. */
interface Rules<Tree> {
  readonly product: ProductChecks<Tree> | undefined;
  /** Every check that there is for the product. */
  readonly all: readonly RegisteredCheck<Tree>[];
}

interface PlacedDraft<Tree> {
  readonly file: string;
  readonly draft: FindingDraft;
  /** What the check looked at; undefined for the project as a whole. */
  readonly from?: StatementContext<Tree> | MigrationContext<Tree>;
}

function* draftsIn<Tree>(
  check: Check<Tree>,
  migration: MigrationContext<Tree>,
  project: ProjectContext<Tree>,
  rules: Rules<Tree>,
): Iterable<PlacedDraft<Tree>> {
  const language = rules.product?.database.language;
  const file = migration.up.script.file;
  if (check.migration)
    for (const draft of check.migration(migration, project, (context) => isSuperseded(check, context as StatementContext<Tree>, rules)))
      yield { file, draft, from: migration };
  if (check.script) {
    for (const script of scriptsOf(migration)) {
      for (const draft of check.script(script, migration, project)) yield { file: script.script.file, draft, from: migration };
    }
  }
  if (check.statement) {
    const isData = isTooLargeToReplay(migration.up);
    for (const context of statementContexts(migration, project)) {
      // A script of that size is a dump: what inserts its rows is left alone.
      if (isData && language?.insertsRows(context.statement)) continue;
      // What queries break is told by breaks-running-release.
      if (check.answeredByQueries && migration.window?.isComplete) continue;
      const drafts = check.supersedes ? draftsOn(context, check) : check.statement(context);
      for (const draft of drafts) yield { file, draft, from: context };
      if (!check.looksInside) continue;
      for (const statement of language?.innerStatements(context.statement) ?? []) {
        const inner = { ...context, statement, inside: context.statement };
        for (const draft of check.statement(inner)) yield { file, draft: isExact(inner) ? draft : { ...draft, fixes: [] }, from: inner };
      }
    }
  }
}

const draftsByStatement = new WeakMap<StatementContext<unknown>, Map<string, readonly FindingDraft[]>>();

/** What a check that supersedes others reports on a statement; worked out once. */
function draftsOn<Tree>(context: StatementContext<Tree>, check: Check<Tree>): readonly FindingDraft[] {
  const known = draftsByStatement.get(context) ?? new Map<string, readonly FindingDraft[]>();
  draftsByStatement.set(context, known);
  const drafts = known.get(check.id) ?? [...(check.statement?.(context) ?? [])];
  known.set(check.id, drafts);
  return drafts;
}

function isSuperseded<Tree>({ id }: Check<Tree>, context: StatementContext<Tree>, { all }: Rules<Tree>): boolean {
  return all.some((other) => other.supersedes?.includes(id) && draftsOn(context, other).length > 0);
}

/**
 * What a finding rests on: for findings on locks what its statement was seen to do, for findings that are not verified the reason.
 * Undefined where the text of the file says it all.
 * @param from the statement or migration that the check looked at
 */
function basisOf<Tree>(
  group: CheckGroup,
  draft: FindingDraft,
  from: StatementContext<Tree> | MigrationContext<Tree> | undefined,
  product: ProductChecks<Tree> | undefined,
): Basis | undefined {
  if (draft.verified === false) return { kind: 'unverified', reason: draft.reason ?? reasonOf(from) };
  return group === 'locks' && from && 'statement' in from ? product?.observedLocks(from) : undefined;
}

function reasonOf(from: StatementContext<unknown> | MigrationContext<unknown> | undefined): UnverifiedBasis['reason'] {
  const observation = from?.observation;
  if (!from || !observation || ('error' in observation && observation.error)) return 'not-run';
  const { assumed } = 'statement' in from ? from.migration : from;
  return assumed.length > 0 ? 'assumed' : 'rows';
}

/** @throws Error for a check that is in no room and says no group */
function groupOf({ id, group }: Pick<Check, 'id' | 'group'>, { all }: Rules<unknown>): CheckGroup {
  group ??= all.find((each) => each.id === id)?.group;
  if (!group) throw new Error(`The check ${id} is in no room of engine/checking/checks.`);
  return group;
}

function isExact({ statement }: StatementContext<unknown>): boolean {
  return !('exact' in statement) || statement.exact === true;
}

function scriptsOf<Tree>(migration: MigrationContext<Tree>): ScriptContext<Tree>[] {
  return migration.down ? [migration.up, migration.down] : [migration.up];
}

function withoutIgnored(
  files: ReadonlyMap<string, SqlFile>,
  findings: Found[],
  configuration: CheckConfiguration,
  rules: Rules<unknown>,
): Found[] {
  const byFile = new Map<string, IgnoreComment[]>();
  for (const [file, { text, statements }] of files) {
    const comments = ignoreComments(text, statements);
    if (comments.length > 0) byFile.set(file, comments);
  }
  if (byFile.size === 0) return findings;
  const used = new Map<IgnoreComment, Set<IgnoreSubject>>();
  const kept = findings.filter(({ finding }) => {
    let isSilenced = false;
    for (const comment of byFile.get(finding.file) ?? []) {
      for (const subject of silencing(comment, finding)) {
        used.set(comment, (used.get(comment) ?? new Set()).add(subject));
        isSilenced = true;
      }
    }
    return !isSilenced;
  });
  const severity = configuredSeverity({ id: unusedIgnore.id, group: groupOf(unusedIgnore, rules) }, configuration);
  if (severity === 'off') return kept;
  for (const [file, comments] of byFile) {
    for (const comment of comments) {
      const unused = unusedNames(comment, used.get(comment));
      const finding = unused !== undefined && unusedFinding(comment, unused, file);
      if (finding) kept.push({ finding: { ...finding, severity: severity ?? unusedIgnore.severity } });
    }
  }
  return kept;
}

function scriptFiles(chain: readonly MigrationContext<unknown>[]): Map<string, SqlFile> {
  const files = new Map<string, SqlFile>();
  const add = (script: Script, statements: readonly Statement[]) => {
    const others = files.get(script.file)?.statements ?? [];
    const all = others.length === 0 ? [...statements] : others.concat(statements).sort((a, b) => a.start - b.start);
    files.set(script.file, { text: script.text, statements: all });
  };
  for (const migration of chain) for (const { script, statements } of scriptsOf(migration)) add(script, statements);
  return files;
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start - b.range.start || a.range.end - b.range.end || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** A finding with what decides how it is told beside others of its file. */
export interface Found extends Pick<FindingDraft, 'cause' | 'unsized'> {
  readonly finding: Finding;
}

/**
 * Reports each cause once per file: findings of one check with the same cause and severity, and all of its hints, become the first of them, which names the
 * places of the others and has all of them in `parts`. Of several findings on a table of unknown size, the gravest stays a warning and
 * the others are infos, because every one of them matters only where the table is large.
 * @param found in the order of their places
 */
export function grouped(found: readonly Found[]): Finding[] {
  const groups = new Map<unknown, Found[]>();
  for (const each of found) {
    const { file, id, severity } = each.finding;
    // Hints are told once per file and check, whatever their cause.
    const cause = severity === 'hint' ? '' : each.cause;
    const key = cause === undefined ? each : JSON.stringify([file, id, severity, cause]);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  const lesser = lesserWarnings([...groups.values()]);
  return [...groups.values()].map((group) => asOne(lesser.has(group) ? group.map(asInfo) : group.map(({ finding }) => finding)));
}

function asInfo({ finding }: Found): Finding {
  return { ...finding, severity: 'info' };
}

/** The groups of which every table has a graver finding in the same file. */
function lesserWarnings(groups: readonly Found[][]): Set<Found[]> {
  const weightOf = (group: Found[]) => Math.max(...group.map(({ unsized }) => unsized?.weight ?? 0));
  const claimed = new Set<string>();
  const lesser = new Set<Found[]>();
  for (const group of groups
    .filter(([first]) => first?.unsized && first.finding.severity === 'warning')
    .sort((a, b) => weightOf(b) - weightOf(a))) {
    const tables = group.flatMap(({ finding, unsized }) => (unsized?.tables ?? []).map((table) => `${finding.file} ${table}`));
    if (tables.every((table) => claimed.has(table))) lesser.add(group);
    for (const table of tables) claimed.add(table);
  }
  return lesser;
}

function asOne(group: readonly Finding[]): Finding {
  const [first, ...others] = group;
  if (!first) throw new Error('A group has a finding.');
  if (others.length === 0) return first;
  const places = others.map(({ file, range, message }) => ({ file, range, message }));
  const more = `Also at ${others.length === 1 ? 'one more place' : `${others.length} more places`} in this file.`;
  return {
    ...first,
    details: first.details === undefined ? more : `${first.details} ${more}`,
    verified: group.every(({ verified }) => verified),
    related: [...first.related, ...places],
    parts: group,
  };
}
