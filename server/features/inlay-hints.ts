import {
  lockName,
  lockText,
  notableLocks,
  notableLocksOf,
  statementContexts,
  type StatementLock,
} from '#engine/operations/statement-facts';
import { type Analysis, requiredBump } from '#engine/operations/checking';
import { namesIn } from '#engine/inputs/manifest/editing/names';
import type { InlayHint, Range } from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';

interface Hint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/**
 * In a manifest behind a release the step that its changes need, behind a migration its strongest lock; in a script the lock of a
 * statement.
 */
export function inlayHints(analysis: Analysis, path: string, text: string, range: Range): InlayHint[] {
  const { manifest } = analysis.context;
  if (manifest?.path === path && manifest.text !== text) return [];
  const start = toOffset(text, range.start);
  const end = toOffset(text, range.end);
  return (manifest?.path === path ? manifestHints(analysis) : scriptHints(analysis, path))
    .filter(({ offset }) => start <= offset && offset <= end)
    .map(({ offset, label, tooltip }) => ({
      position: toRange(text, { start: offset, end: offset }).start,
      label,
      tooltip,
      paddingLeft: true,
    }));
}

function manifestHints({ context }: Analysis): Hint[] {
  const { manifest: document, chain } = context;
  if (!document) return [];
  const migrations = new Map(chain.map((each) => [each.migration.id, each]));
  return namesIn(document).flatMap(({ kind, text, range, isDefinition }): Hint[] => {
    const offset = range.end + (/["']/.test(document.text[range.end] ?? '') ? 1 : 0);
    if (kind === 'release' && isDefinition) {
      const bump = requiredBump(context, text);
      if (!bump) return [];
      const because = bump.reasons.slice(0, 5).map(({ message }) => `- ${message}`);
      const tooltip = [
        `The changes since ${bump.older.version} need a ${bump.needed} version bump: at least ${bump.version}.`,
        ...because,
      ].join('\n');
      return [{ offset, label: bump.isEnough ? `needs ${bump.needed}` : `needs ${bump.needed}: ${bump.version}`, tooltip }];
    }
    const migration = kind === 'migration' ? migrations.get(text) : undefined;
    return migration ? lockHint(offset, notableLocksOf(migration, context)) : [];
  });
}

function scriptHints({ context }: Analysis, path: string): Hint[] {
  return context.chain
    .filter(({ up }) => up.script.file === path)
    .flatMap((migration) => statementContexts(migration, context))
    .flatMap((statement) => lockHint(statement.statement.tailEnd, notableLocks(statement)));
}

function lockHint(offset: number, locks: readonly StatementLock[]): Hint[] {
  const [first, ...others] = locks;
  if (!first) return [];
  const label = lockText(first) + (others.length === 0 ? '' : ` and ${others.length} more`);
  const isObserved = locks.some(({ basis }) => basis === 'observed');
  const heading = isObserved ? 'Observed in the embedded PostgreSQL 18:' : 'Expected from the syntax, not observed:';
  return [{ offset, label, tooltip: [heading, ...locks.map(lockLine)].join('\n') }];
}

function lockLine(lock: StatementLock): string {
  return lock.origin ? `- ${lockName(lock)}, taken by ${lock.origin.statement} (line ${lock.origin.line})` : `- ${lockText(lock)}`;
}
