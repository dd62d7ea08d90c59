import type { Fix } from '../../../../core/finding';
import { nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsOf, mayBeVolatile } from '../support/column-definitions';
import { headOfCommand, rangeOfColumnConstraint, textOf } from '../support/command-text';
import { fix } from '../support/fixes';
import { type CauseInStatement, workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';

/** VIRTUAL exists from this major version on. */
const firstWithVirtual = 18;

export const check: Check = {
  id: 'stored-generated-column-rewrites',
  hazards: ['P13'],
  severity: 'warning',
  summary: 'Adds a stored generated column, which rewrites the table and blocks its reads and writes.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'stored-generated');
    const [cause] = caused?.causes ?? [];
    if (!caused || !cause) return;
    const virtual =
      context.project.minimum >= firstWithVirtual
        ? ' Or use a VIRTUAL generated column, which is computed when it is read and rewrites nothing.'
        : '';
    yield workFinding(context, caused.works, {
      details: 'The server computes and writes the value of every existing row.',
      advice: `Add a plain column, fill it with a trigger for new rows, and fill existing rows in batches.${virtual}`,
      range: headOfCommand(context.statement, cause.command),
      fixes: fixes(context, caused.causes),
    });
  },
};

/** STORED becomes VIRTUAL where the server takes that: functions of its own only, no index, no key. */
function fixes(context: StatementContext, causes: readonly CauseInStatement[]): Fix[] {
  const { project, statement, inside } = context;
  if (inside || project.minimum < firstWithVirtual || !causes.every((cause) => canBeVirtual(context, cause))) return [];
  const edits = causes.flatMap(({ command, column }) => {
    const generated = column && constraintsOf(column).find(({ contype }) => contype === 'CONSTR_GENERATED');
    const clause = command && generated && rangeOfColumnConstraint(statement, command, column, generated);
    const word = clause && /\bstored$/i.exec(textOf(statement, clause))?.[0];
    return clause && word !== undefined ? { range: { start: clause.end - word.length, end: clause.end }, newText: 'VIRTUAL' } : [];
  });
  return edits.length === causes.length ? [fix(context, 'Compute the column when it is read (VIRTUAL)', edits, false)] : [];
}

function canBeVirtual({ project }: StatementContext, { column }: CauseInStatement): boolean {
  const name = column?.colname;
  const constraints = constraintsOf(column ?? {});
  const expression = constraints.find(({ contype }) => contype === 'CONSTR_GENERATED')?.raw_expr;
  const isPlain = constraints.every(({ contype }) => contype === 'CONSTR_GENERATED' || contype === 'CONSTR_NOTNULL');
  return isPlain && expression !== undefined && !mayBeVolatile(expression) && !isIndexed(project, name);
}

/** True when a script makes an index, or a key, over a column of that name. */
function isIndexed(project: StatementContext['project'], name: string | undefined): boolean {
  return project.chain
    .flatMap(({ up }) => up.statements)
    .some(({ node }) => {
      let found = false;
      walk(node, (type, inner) => {
        if (type === 'IndexElem') found ||= inner.name === name;
        if (type === 'Constraint') found ||= nameParts(inner.keys).some((key) => key === name);
      });
      return found;
    });
}
