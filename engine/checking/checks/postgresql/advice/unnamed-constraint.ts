import type { ConstrType, Constraint } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { TextRange } from '../../../../core/text';
import { fieldsOf, fieldsOfEach, nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { definitionsOf } from '../support/definitions';
import { failsInShadow, headOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { isTemporary } from '../support/stated-columns';
import { type StatedConstraint, statedConstraints, tokensOfConstraint } from '../support/stated-constraints';
import { tokensOf } from '../support/statement-tokens';

/** The kinds of constraints whose default names depend on what else there is, and how PostgreSQL ends those names. */
const endings: { readonly [Type in ConstrType]?: string } = {
  CONSTR_CHECK: 'check',
  CONSTR_UNIQUE: 'key',
  CONSTR_FOREIGN: 'fkey',
  CONSTR_EXCLUSION: 'excl',
};

/** Longest identifier in bytes; PostgreSQL shortens longer default names by rules of its own. */
const longestName = 63;

export const check: Check = {
  id: 'unnamed-constraint',
  hazards: ['P84'],
  severity: 'hint',
  optIn: true,
  summary: 'Adds a constraint or index without a name, so later scripts have to guess the name that PostgreSQL chose.',
  looksAhead: true,
  *statement(context) {
    const { statement } = context;
    if (failsInShadow(context)) return;
    const taken = new Set(definitionsOf(context.project).map(({ name }) => name));
    const index = fieldsOf(statement.node, 'IndexStmt');
    if (index && index.idxname === undefined && !isTemporary(index.relation)) {
      const table = index.relation?.relname ?? '';
      const keys = fieldsOfEach(index.indexParams, 'IndexElem').map(({ name }) => name ?? 'expr');
      const before = tokensOf(statement).find(({ depth, kind, text }) => depth === 0 && kind === 'word' && /^on$/i.test(text));
      const name = freeName([table, ...keys, 'idx'].join('_'), taken);
      yield finding(context, headOf(statement), 'index', name, before && `${identifier(name)} `, before?.start);
    }
    for (const stated of statedConstraints(statement.node)) {
      const { constraint } = stated;
      const ending = constraint.contype && endings[constraint.contype];
      const [first] = tokensOfConstraint(statement, constraint);
      if (ending === undefined || constraint.conname !== undefined || !first) continue;
      const name = freeName([stated.tableName, ...namedColumns(stated), ending].join('_'), taken);
      taken.add(name);
      yield finding(context, { start: first.start, end: first.end }, 'constraint', name, `CONSTRAINT ${identifier(name)} `, first.start);
    }
  },
};

function finding(
  context: StatementContext,
  range: TextRange,
  what: string,
  name: string,
  newText: string | undefined,
  at: number | undefined,
) {
  const isShort = new TextEncoder().encode(name).length <= longestName;
  const fixes =
    isShort && newText && at !== undefined ? [fix(context, `Name it ${name}`, [{ range: { start: at, end: at }, newText }])] : [];
  return {
    range,
    message: `Leaves the name of this ${what} to PostgreSQL: it may differ between databases`,
    details: `The default name depends on the names that are taken. A later script that drops or changes the ${what} can fail on some databases.`,
    advice: `Name the ${what}, for example ${identifier(name)}.`,
    fixes,
  };
}

function namedColumns(stated: StatedConstraint): readonly string[] {
  const { constraint, ofColumn, columns } = stated;
  if (constraint.contype === 'CONSTR_EXCLUSION') return exclusionColumns(constraint);
  if (constraint.contype !== 'CONSTR_CHECK' || ofColumn !== undefined) return columns;
  const used = new Set<string>();
  walk(constraint, (type, inner) => {
    const name = type === 'ColumnRef' ? nameParts(inner.fields).at(-1) : undefined;
    if (name !== undefined) used.add(name);
  });
  return used.size === 1 ? [...used] : [];
}

function exclusionColumns({ exclusions }: Constraint): string[] {
  return fieldsOfEach(exclusions, 'List').map(({ items }) => fieldsOf(items?.[0], 'IndexElem')?.name ?? 'expr');
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 1; taken.has(free); number++) free = `${name}${number}`;
  return free;
}
