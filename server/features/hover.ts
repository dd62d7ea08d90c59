import {
  displayName,
  expectedOf,
  heldLocks,
  locksBySyntax,
  lockTitles,
  type ParsedStatement,
  type StatementContext,
  statementContexts,
  type StatementLock,
  withoutPublic,
} from '#engine/operations/statement-facts';
import { lockModes, type ObservedLock, type StatementObservation } from '#engine/databases/observation';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { descriptionOf, schemasAt } from '#engine/inputs/manifest/schema-walk';
import type { Analysis, Project } from '#engine/operations/checking';
import type { Hover, Position } from 'vscode-languageserver';
import type { Place } from '../answer';
import { toOffset, toRange } from '../ranges';
import { manifestHoverAt } from './manifest-hover';
import { statementAt } from './migration-at';

/**
 * On a statement: what it locks, rewrites and scans. In a manifest: what follows for the release, range, risk, feature or migration,
 * and what the key means.
 */
export async function hover({ project, path, entry, files }: Place, position: Position): Promise<Hover | null> {
  const { manifest } = project;
  if (manifest?.path === path) return manifestHover(project, manifest, entry.latest, toOffset(manifest.text, position));
  return statementHover(await entry.analysis(path), path, toOffset(await files.readText(path), position));
}

async function manifestHover(
  project: Project,
  document: ManifestDocument,
  analysis: Analysis | undefined,
  offset: number,
): Promise<Hover | null> {
  const specific = await manifestHoverAt(project, analysis, offset);
  const { path } = document.pathAt(offset);
  const text = schemasAt(path)
    .map(descriptionOf)
    .find((description) => description !== undefined);
  if (specific) {
    const value = [specific.markdown, ...(text === undefined ? [] : ['---', text])].join('\n\n');
    return { contents: { kind: 'markdown', value }, range: toRange(document.text, specific.range) };
  }
  return text === undefined
    ? null
    : { contents: { kind: 'markdown', value: text }, range: toRange(document.text, document.rangeOf(path, 'key')) };
}

function statementHover(analysis: Analysis, path: string, offset: number): Hover | null {
  const found = statementAt(analysis, path, offset);
  if (!found) return null;
  const { migration, script, statement, index } = found;
  const context = script === migration.up ? statementContexts(migration, analysis.context)[index] : undefined;
  const value = context?.observation ? observedText(context, context.observation) : expectedText(statement);
  return value === undefined ? null : { contents: { kind: 'markdown', value }, range: toRange(script.script.text, statement) };
}

function observedText(context: StatementContext, observation: StatementObservation): string {
  if (observation.error) {
    const { message, detail, hint, sqlstate } = observation.error;
    return [`**PostgreSQL refuses this statement** (${sqlstate})`, message, detail, hint && `Hint: ${hint}`].filter(Boolean).join('\n\n');
  }
  const { minimum } = context.project;
  const lines = [
    ...strongestPerRelation(observation.locks.filter(({ relationKind }) => relationKind !== 'i' && relationKind !== 'I')).map(takenText),
    ...locksBySyntax(context).map(({ table, mode }) => `- \`${displayName(table)}\`: ${lockTitles[mode]} lock by syntax, ${blocks(mode)}`),
    ...heldLocks(context).map(heldText),
    ...observation.rewrites.map((relation) => `- \`${displayName(relation)}\` is rewritten`),
    ...observation.scans.map((relation) => `- \`${displayName(relation)}\` is scanned completely`),
  ];
  const changes = observation.changes.slice(0, 8).map(({ kind, object }) => `- ${kind}: ${withoutPublic(object)}`);
  const heading = observation.locksKnown
    ? '**Observed in the embedded PostgreSQL 18**'
    : '**Ran in the embedded PostgreSQL 18; its locks could not be observed**';
  const sections = [heading];
  if (lines.length > 0) sections.push(lines.join('\n'));
  else if (observation.locksKnown) sections.push('No locks on existing objects.');
  if (changes.length > 0) sections.push(`**Changes**\n${changes.join('\n')}`);
  if (minimum < 18)
    sections.push(`Servers before PostgreSQL 18 may take stronger locks. The oldest supported server is PostgreSQL ${minimum}.`);
  return sections.join('\n\n');
}

function takenText({ relation, mode, existedBefore }: ObservedLock): string {
  return `- \`${displayName(relation)}\`: ${lockTitles[mode]} lock, ${existedBefore ? blocks(mode) : 'new in this migration, so no session waits'}`;
}

function heldText({ table, mode, origin }: StatementLock): string {
  const taken = origin ? `, taken by \`${origin.statement.replaceAll('`', "'")}\` (line ${origin.line})` : '';
  return `- Holds ${lockTitles[mode]} on \`${displayName(table)}\`${taken}, ${blocks(mode)}`;
}

/** What the syntax lets expect of a statement that was not run; undefined if that is nothing. */
function expectedText(statement: ParsedStatement): string | undefined {
  const { work: works, locks } = expectedOf(statement);
  if (works.length + locks.length === 0) return undefined;
  return [
    '**Expected from the syntax, not verified**',
    ...works.map(({ table, mode, work }) => `- \`${displayName(table)}\`: ${lockTitles[mode]} lock during a ${work}, ${blocks(mode)}`),
    ...locks.map(({ table, mode }) => `- \`${displayName(table)}\`: ${lockTitles[mode]} lock, ${blocks(mode)}`),
  ].join('\n');
}

function strongestPerRelation(locks: readonly ObservedLock[]): ObservedLock[] {
  const strongest = new Map<string, ObservedLock>();
  for (const lock of locks) {
    const known = strongest.get(lock.relation);
    if (!known || lockModes.indexOf(lock.mode) > lockModes.indexOf(known.mode)) strongest.set(lock.relation, lock);
  }
  return [...strongest.values()];
}

function blocks(mode: ObservedLock['mode']): string {
  if (mode === 'AccessExclusive') return 'blocks reads and writes';
  if (lockModes.indexOf(mode) >= lockModes.indexOf('Share')) return 'blocks writes';
  if (mode === 'ShareUpdateExclusive') return 'blocks only other schema changes and VACUUM';
  return 'blocks neither reads nor writes';
}
