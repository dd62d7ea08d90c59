import { listed } from '../../../../core/wording';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { FindingDraft, Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, headOf, lockEvidence } from '../support/evidence';
import { fix, insertStatementBefore } from '../support/fixes';
import { causesIn, workCausedBy } from '../support/lock-causes';
import { blockedBy, describeWork, lockTitles, onceUnlessSized, severityBySize, tableWork, type TableWork } from '../support/table-work';
import { isOneMessage, transactionOf } from '../support/transactions';
import { columnTitle, isCastsOnly, sqlName, type TypeChange, typeChangesIn } from '../support/type-changes';
import { isShortened, keepsStorage, mayKeepStorage } from '../support/type-storage';
import { setsTimeZoneToUtc, timeZoneDecides } from '../support/time-zones';
import { firstFitting } from '../../support/headline';

export const check: Check = {
  id: 'type-change-rewrites',
  hazards: ['P16'],
  severity: 'warning',
  summary: 'Changes a column to a type that is stored differently, which rewrites every row.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const changes = typeChangesIn(context);
    if (!node || changes.length === 0) return;
    const works = (workCausedBy(context, 'type-change')?.works ?? []).filter(({ work }) => work === 'rewrite' || rebuildsIndexes(context));
    const isObserved = lockEvidence(context) !== undefined;
    const isShared = causesIn(node).filter(({ does }) => does.includes('rewrite')).length > 1;
    const guilty = changes.filter((change) => {
      if (change.isAssumed) return true;
      // Of a DO block it is only known what all of it did.
      if (isObserved && !isShared && !context.inside) return works.length > 0;
      return works.length > 0 && !keepsStorage(change);
    });
    const [first] = guilty;
    if (first) yield finding(context, first, works);
    else if (isObserved) for (const change of changes) if (timeZoneDecides(change)) yield* timeZoneHint(context, change);
  },
};

/** True when indexes got new storage without their table, and neither a collation nor a CHECK is the reason. */
function rebuildsIndexes(context: StatementContext): boolean {
  const { rewrites = [], changes = [] } = context.observation ?? {};
  return (
    rewrites.length > 0 &&
    typeChangesIn(context).every(({ collation }) => !collation) &&
    !changes.some(({ kind, object }) => kind === 'changed' && object.startsWith('constraint '))
  );
}

function finding(context: StatementContext, change: TypeChange, works: readonly TableWork[]): FindingDraft {
  const { table, column, type, before, isAssumed } = change;
  const isCertain = works.length > 0 && works.every(({ verified }) => verified) && !isAssumed;
  const isHarmlessPerhaps = !isCertain && mayKeepStorage(change);
  const referenced = isCertain
    ? tableWork(context).filter((work) => work.work === 'none' && work.table !== table && work.since === context.statement)
    : [];
  const { message, details } = isCertain
    ? describeWork(context, works)
    : {
        message: firstFitting([
          `May block reads and writes of ${sqlName(table)} while every row is rewritten`,
          `May rewrite ${sqlName(table)} and block its reads and writes`,
        ]),
        details: before ? undefined : `The current type of ${columnTitle(change)} is not known.`,
      };
  const also =
    referenced.length > 0
      ? `Also blocks ${blockedBy(referenced[0]?.mode ?? 'AccessExclusive')} ${listed(referenced.map((work) => displayName(work.table)))} (${lockTitles[referenced[0]?.mode ?? 'AccessExclusive']}), which a foreign key references.`
      : undefined;
  const rebuilt = isCertain && works.every(({ work }) => work === 'scan') ? indexesRebuilt(context) : [];
  const added = identifier(`${column}_new`);
  const text =
    rebuilt.length > 0
      ? indexText(change, rebuilt)
      : {
          reason: reasonOf(change),
          advice: `Add a column of the new type (ALTER TABLE ${sqlName(table)} ADD COLUMN ${added} ${type.text};), fill it with a trigger for new rows and in batches for existing rows, then switch over.`,
        };
  return {
    range: change.range,
    severity: severityBySize(context, [table], isHarmlessPerhaps ? 'info' : 'warning'),
    ...onceUnlessSized(context, [table], isCertain ? 5 : 1),
    message,
    details: [text.reason, details, also].filter((each) => each !== undefined).join(' '),
    advice: text.advice,
    verified: isCertain,
    related: before && [
      {
        file: before.migration.up.script.file,
        range: headOf(before.statement),
        message: `${columnTitle(change)} becomes ${before.type.text}.`,
      },
    ],
  };
}

/** The indexes that got new storage, as people write them. */
function indexesRebuilt({ observation }: StatementContext): string[] {
  const indexes = new Set(observation?.locks.flatMap(({ relation, relationKind }) => (/^[iI]$/.test(relationKind) ? relation : [])));
  return (observation?.rewrites ?? []).filter((relation) => indexes.has(relation)).map(displayName);
}

function indexText(change: TypeChange, indexes: readonly string[]): { reason: string; advice: string } {
  const names = [change.before?.type.name, change.type.name];
  const zone =
    names.includes('timestamp') && names.includes('timestamptz') ? ' With a TimeZone other than UTC, the rows are rewritten too.' : '';
  const [noun, are, them] = indexes.length === 1 ? ['index', 'is', 'it'] : ['indexes', 'are', 'them'];
  return {
    reason: `The values of ${columnTitle(change)} do not change, but the ${noun} ${listed(indexes)} ${are} rebuilt.${zone}`,
    advice: `If the table is large, drop the ${noun} first and build ${them} again with CREATE INDEX CONCURRENTLY in a later migration.`,
  };
}

/** Why the server rewrites every row. */
function reasonOf(change: TypeChange): string {
  const { before, type, isComputed, isAssumed } = change;
  const differs = before !== undefined && before.type.name !== type.name;
  if (isComputed && !(differs && isCastsOnly(change))) return 'The server computes and stores the expression for every row.';
  if (!before)
    return isAssumed ? 'Whether the rows are rewritten depends on the old type.' : `The old type and ${type.text} are stored differently.`;
  const names = [before.type.name, type.name];
  if (names.includes('timestamp') && names.includes('timestamptz')) return 'With a TimeZone other than UTC, every value changes.';
  if (before.type.name === type.name || isShortened(before.type, type))
    return `The server rewrites every row to convert its value to ${type.text}.`;
  return `${before.type.text} and ${type.text} are stored differently.`;
}

function* timeZoneHint(context: StatementContext, change: TypeChange): Iterable<FindingDraft> {
  if (setsTimeZoneToUtc(context) || tableWork(context).every(({ table }) => table !== change.table)) return;
  // Two statements in one message are a transaction, so that SET LOCAL holds for the second.
  const inTransaction = transactionOf(context).openedBy !== 'none' || isOneMessage(context);
  const edit = insertStatementBefore(context.script, context.statement, `SET LOCAL TimeZone = 'UTC'`);
  yield {
    range: change.range,
    severity: 'hint',
    message: `Rewrites ${sqlName(change.table)} unless the TimeZone of the session is UTC`,
    details: `In any other TimeZone, the values of ${columnTitle(change)} are converted as local times of that zone, and reads and writes wait for the rewrite.`,
    advice: "State the zone: SET LOCAL TimeZone = 'UTC';",
    fixes: inTransaction && !context.inside ? [fix(context, 'Read the values as UTC', [edit], false)] : [],
  };
}
