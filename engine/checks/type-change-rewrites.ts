import { listed } from '../core/wording';
import { identifier } from '../sql/quoting';
import type { FindingDraft } from './check';
import type { Check, StatementContext } from './check';
import { displayName, headOf, lockEvidence } from './support/evidence';
import { fix, insertStatementBefore } from './support/fixes';
import { causesIn, workCausedBy } from './support/lock-causes';
import { describeWork, severityBySize, type TableWork, tableWork, onceUnlessSized } from './support/table-work';
import { transactionOf } from './support/transactions';
import { columnTitle, isCastsOnly, sqlName, type TypeChange, typeChangesIn } from './support/type-changes';
import { isShortened, keepsStorage, mayKeepStorage } from './support/type-storage';
import { setsTimeZoneToUtc, timeZoneDecides } from './support/time-zones';

export const check: Check = {
  id: 'type-change-rewrites',
  hazards: ['P16'],
  group: 'locks',
  severity: 'warning',
  summary: 'A column gets a type of which the values are stored differently, so that every row is rewritten.',
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
  const consequence = isCertain
    ? describeWork(context, works)
    : `Reads and writes of ${sqlName(table)} may wait while every row is rewritten${before ? '' : `: the type that ${columnTitle(change)} has now is not known here`}.`;
  const also =
    referenced.length > 0 ? ` ${describeWork(context, referenced)} It is locked for as long, because a foreign key joins the two.` : '';
  const rebuilt = isCertain && works.every(({ work }) => work === 'scan') ? indexesRebuilt(context) : [];
  const added = identifier(`${column}_new`);
  const advice =
    rebuilt.length > 0
      ? indexAdvice(change, rebuilt)
      : `${reasonOf(change)} Add a column of the new type beside it (ALTER TABLE ${sqlName(table)} ADD COLUMN ${added} ${type.text};), keep it filled by a trigger, fill the old rows in batches, and switch over when all is there.`;
  return {
    range: change.range,
    severity: severityBySize(context, [table], isHarmlessPerhaps ? 'info' : 'warning'),
    ...onceUnlessSized(context, [table], isCertain ? 5 : 1),
    message: `${consequence}${also} ${advice}`,
    verified: isCertain,
    ...(before && {
      related: [
        {
          file: before.migration.up.script.file,
          range: headOf(before.statement),
          message: `${columnTitle(change)} is ${before.type.text} from here on.`,
        },
      ],
    }),
  };
}

/** The indexes that got new storage, as people write them. */
function indexesRebuilt({ observation }: StatementContext): string[] {
  const indexes = new Set(observation?.locks.flatMap(({ relation, relationKind }) => (/^[iI]$/.test(relationKind) ? relation : [])));
  return (observation?.rewrites ?? []).filter((relation) => indexes.has(relation)).map(displayName);
}

function indexAdvice(change: TypeChange, indexes: readonly string[]): string {
  const names = [change.before?.type.name, change.type.name];
  const zone =
    names.includes('timestamp') && names.includes('timestamptz') ? ' With a TimeZone other than UTC the rows are rewritten as well.' : '';
  const [are, them] = indexes.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `The values of ${columnTitle(change)} stay as they are stored, but ${listed(indexes)} ${are} built anew.${zone} Where the table is large, drop ${them} before, and build ${them} again with CREATE INDEX CONCURRENTLY in a later migration.`;
}

/** Why the server writes every row anew. */
function reasonOf(change: TypeChange): string {
  const { before, type, isComputed, isAssumed } = change;
  const differs = before !== undefined && before.type.name !== type.name;
  if (isComputed && !(differs && isCastsOnly(change))) return 'The expression is computed for every row, and its result stored.';
  if (!before)
    return isAssumed ? `It depends on whether it is stored like ${type.text}.` : `The old type and ${type.text} are stored differently.`;
  const names = [before.type.name, type.name];
  if (names.includes('timestamp') && names.includes('timestamptz')) return 'With a TimeZone other than UTC every value changes.';
  if (before.type.name === type.name || isShortened(before.type, type))
    return `The server writes every row anew to make its value a ${type.text}.`;
  return `${before.type.text} and ${type.text} are stored differently.`;
}

function* timeZoneHint(context: StatementContext, change: TypeChange): Iterable<FindingDraft> {
  if (setsTimeZoneToUtc(context) || tableWork(context).every(({ table }) => table !== change.table)) return;
  // Two statements in one message are a transaction, so that SET LOCAL holds for the second.
  const inTransaction =
    transactionOf(context).openedBy !== 'none' || (context.script.script.sends ?? context.project.directory?.runner.sends) === 'whole';
  const edit = insertStatementBefore(context.script, context.statement, `SET LOCAL TimeZone = 'UTC'`);
  yield {
    range: change.range,
    severity: 'hint',
    message: `Where the session's TimeZone is not UTC, every row of ${sqlName(change.table)} is rewritten while reads and writes wait, and the values of ${columnTitle(change)} are taken to be local times of that zone. With UTC nothing is rewritten. State which is meant: SET LOCAL TimeZone = 'UTC';`,
    fixes: inTransaction && !context.inside ? [fix(context, 'Take the values as UTC, whatever the session says', [edit], false)] : [],
  };
}
