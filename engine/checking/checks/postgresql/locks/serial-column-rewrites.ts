import type { ColumnDef } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { alterTableCommands, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsOf, isSerial } from '../support/column-definitions';
import { statedType, tableNamed } from '../support/column-types';
import { displayName } from '../support/evidence';
import { fix, replaceStatement } from '../support/fixes';
import { workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';
import { sqlName } from '../support/type-changes';

export const check: Check = {
  id: 'serial-column-rewrites',
  hazards: ['P14'],
  severity: 'warning',
  summary: 'Adds a serial or identity column to a table in use, which rewrites every row.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'serial-column');
    const column = caused?.causes[0]?.column;
    if (!caused || !column) return;
    const { table, name, type, sequence } = partsOf(context, column);
    yield workFinding(context, caused.works, {
      details: 'The server rewrites every existing row to number it.',
      advice:
        'Add a plain column, set a sequence as its default for new rows, and number existing rows in batches afterwards: ' +
        `CREATE SEQUENCE ${sequence} AS ${type}; ALTER TABLE ${table} ADD COLUMN ${name} ${type}, ALTER COLUMN ${name} SET DEFAULT nextval('${sequence}');`,
      fixes: fixes(context, column),
    });
  },
};

function partsOf(context: StatementContext, { colname: own = '', typeName }: ColumnDef) {
  const full = tableNamed(context, fieldsOf(context.statement.node, 'AlterTableStmt')?.relation);
  const base = displayName(full).split('.');
  const sequence = [...base.slice(0, -1), `${base.at(-1)}_${own}_seq`].map(identifier).join('.');
  return { table: sqlName(full), name: identifier(own), type: statedType(typeName)?.text ?? 'bigint', sequence };
}

/** Only where nothing but the numbering is lost: existing rows have no number until a later migration fills it. */
function fixes(context: StatementContext, column: ColumnDef): Fix[] {
  const { statement, script } = context;
  const constraints = constraintsOf(column);
  const isPlain = constraints.every(
    ({ contype, generated_when: when, options }) => contype === 'CONSTR_IDENTITY' && when === 'd' && !options,
  );
  const [command, ...others] = alterTableCommands(statement.node);
  const mayExist = command?.fields.missing_ok === true || fieldsOf(statement.node, 'AlterTableStmt')?.missing_ok === true;
  if (context.inside || others.length > 0 || mayExist || !(isPlain && (isSerial(column) || constraints.length > 0))) return [];
  const { table, name, type, sequence } = partsOf(context, column);
  const lineEnd = script.script.text.includes('\r\n') ? '\r\n' : '\n';
  const added = `ALTER TABLE ${table} ADD COLUMN ${name} ${type}, ALTER COLUMN ${name} SET DEFAULT nextval('${sequence}')`;
  return [
    fix(
      context,
      'Number new rows only, and existing rows in batches later',
      [
        replaceStatement(
          statement,
          `CREATE SEQUENCE ${sequence} AS ${type};${lineEnd}${added};${lineEnd}ALTER SEQUENCE ${sequence} OWNED BY ${table}.${name}`,
        ),
      ],
      false,
    ),
  ];
}
