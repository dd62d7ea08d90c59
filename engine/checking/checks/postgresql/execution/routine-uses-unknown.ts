import type { TextRange } from '../../../../core/text';
import type { RoutineFailure } from '../../../../databases/observation';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import { displayName } from '../support/evidence';
import { consequenceOf, type LocatedFault, routineFaultsIn } from '../support/routines';

export const check: Check = {
  id: 'routine-uses-unknown',
  hazards: ['P64'],
  severity: 'error',
  looksAhead: true,
  summary: 'Creates a function or procedure whose body uses a table or column that does not exist.',
  *migration(context, project) {
    if (!isHistoryKnown(context, project)) return;
    for (const fault of routineFaultsIn(project, context)) {
      if (fault.kind !== 'born' || !fault.from) continue;
      const told = new Set<string>();
      for (const failure of fault.failures) {
        if (told.has(failure.message) || !isAboutNames(failure) || mayBeTemporary(failure, fault, project)) continue;
        told.add(failure.message);
        const { script } = fault.from.up;
        yield {
          range: placeOf(failure, fault, script.text),
          file: script.file,
          ...consequenceOf({ ...fault, failure, failures: [failure] }, displayName),
          advice: 'Correct the body, or create the missing object first.',
        };
      }
    }
  },
};

/** True when every statement up to the end of the migration ran, so that the embedded database has all that there is. */
function isHistoryKnown({ observation }: MigrationContext, project: ProjectContext): boolean {
  if (!project.completeHistory || !observation || observation.afterFailure) return false;
  return observation.statements.every(({ error }) => error === undefined) && (project.baseline?.failures.length ?? 0) === 0;
}

/** Unknown tables and columns, and columns that a variable has the name of. Functions may come from extensions. */
function isAboutNames({ piece, sqlstate }: RoutineFailure): boolean {
  return piece >= 0 && ['42703', '42P01', '42702'].includes(sqlstate);
}

/** True for a table that sessions may create for themselves, or that is in a schema which no migration creates. */
function mayBeTemporary({ sqlstate, message }: RoutineFailure, { routine }: LocatedFault, project: ProjectContext): boolean {
  const relation = sqlstate === '42P01' ? /^relation "(.+)" does not exist$/.exec(message)?.[1] : undefined;
  if (relation === undefined) return false;
  if (routine.body?.isDynamic) return true;
  const [schema] = relation.includes('.') ? relation.split('.') : ['public'];
  const scripts = [
    ...project.chain.map(({ up }) => up.script.sql),
    ...(project.queries ?? []).flatMap(({ queries }) => queries.map(({ sql }) => sql)),
  ];
  const temporary = new RegExp(String.raw`\btemp(?:orary)?\s+(?:table|view)\s+(?:if\s+not\s+exists\s+)?"?${escaped(relation)}\b`, 'i');
  return scripts.some((sql) => temporary.test(sql)) || (schema !== 'public' && !createsSchema(project, schema ?? ''));
}

function createsSchema(project: ProjectContext, schema: string): boolean {
  return project.chain.some(({ up }) => up.statements.some(({ node }) => fieldsOf(node, 'CreateSchemaStmt')?.schemaname === schema));
}

/** The name at fault inside its piece of the body, or the piece's first line. */
function placeOf({ piece, message }: RoutineFailure, { routine }: LocatedFault, text: string): TextRange {
  const place = routine.body?.pieces[piece]?.place ?? routine.statement;
  const code = text.slice(place.start, place.end);
  const words = [...message.matchAll(/"([^"]+)"|column ([^\s"]+) does/g)].map(
    ([, quoted, plain]) => (quoted ?? plain ?? '').split('.').at(-1) ?? '',
  );
  const name = /^record "/.test(message) ? words.at(-1) : words[0];
  const at = name ? code.toLowerCase().search(new RegExp(String.raw`(?<![\w$])${escaped(name.toLowerCase())}(?![\w$])`)) : -1;
  if (at >= 0) return { start: place.start + at, end: place.start + at + (name?.length ?? 0) };
  const line = code.search(/\s*[\r\n]/);
  return { start: place.start, end: line < 0 ? place.end : place.start + line };
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}
