import { listed } from '../core/wording';
import type { RelatedPlace } from '../core/finding';
import type { DatabaseError } from '../shadow/observation';
import type { Check, StatementContext } from './check';
import { definedBefore, type DefinedKind, placeOfDefinition } from './support/definitions';
import { failureFinding, failureFor, placeOf, wordsOf } from './support/failure-causes';
import { nameIn } from './support/statement-tokens';

export const check: Check = {
  id: 'drop-refused-by-dependents',
  hazards: ['P46'],
  group: 'execution',
  severity: 'error',
  summary: 'PostgreSQL refuses to drop something that other objects depend on.',
  looksAhead: true,
  *statement(context) {
    const error = failureFor(context, 'drop-refused-by-dependents');
    if (!error) return;
    const dependents = dependentsIn(error);
    const subject = /^cannot drop (.+) because (?!extension)/.exec(error.message)?.[1];
    const explanation =
      subject === undefined || dependents.length === 0
        ? wordsOf(error)
        : `${listed(dependents.map(({ who }) => who))} ${dependents.length === 1 ? 'depends' : 'depend'} on ${subject}. ${advice(dependents)} ` +
          `CASCADE would take ${dependents.length === 1 ? 'it' : 'them'} along without asking. (${error.sqlstate})`;
    yield failureFinding(context, error, explanation, {
      range: subjectPlace(context, subject) ?? placeOf(context.statement, error),
      related: dependents.flatMap((dependent) => placeOfDependent(context, dependent)),
    });
  },
};

interface Dependent {
  /** As the server names it: `view v`, `constraint c_t_id_fkey on table c`. */
  readonly who: string;
  /** What it depends on, in the same words. */
  readonly on: string;
}

/** The server lists some in the detail, one a line, and counts the rest. */
function dependentsIn({ detail }: DatabaseError): Dependent[] {
  return (detail ?? '').split('\n').flatMap((line) => {
    const [, who, on] = /^(.+?) depends on (.+)$/.exec(line) ?? [];
    return who !== undefined && on !== undefined ? { who, on } : [];
  });
}

function advice(dependents: readonly Dependent[]): string {
  const constraints = dependents.map(({ who }) => /^constraint (\S+) on (?:foreign )?table (\S+)$/.exec(who));
  const drops = constraints.flatMap((match) => (match ? `ALTER TABLE ${match[2]} DROP CONSTRAINT ${match[1]};` : []));
  if (drops.length === dependents.length) return `Drop ${drops.length === 1 ? 'it' : 'them'} before: ${drops.join(' ')}`;
  const views = dependents.flatMap(({ who }) => /^(?:materialized )?view (\S+)$/.exec(who)?.[0] ?? []);
  if (views.length === dependents.length) {
    return `Before it, drop ${listed(views)} (DROP ${views[0]?.toUpperCase().startsWith('M') ? 'MATERIALIZED VIEW' : 'VIEW'}) and create what is still wanted again without it.`;
  }
  return `Drop or change ${dependents.length === 1 ? 'it' : 'them'} first, in the same migration.`;
}

/** Where the statement names what it cannot drop. */
function subjectPlace({ statement }: StatementContext, subject: string | undefined) {
  const name = subject?.split(' on table ')[0]?.split(' of table ')[0]?.replace(/\(.*$/, '').split(' ').at(-1);
  return name === undefined ? undefined : nameIn(statement, bare(name));
}

const kinds: Readonly<Record<string, DefinedKind>> = {
  constraint: 'constraint',
  trigger: 'trigger',
  policy: 'policy',
  column: 'column',
  function: 'function',
  type: 'type',
};

function placeOfDependent(context: StatementContext, { who }: Dependent): RelatedPlace[] {
  const [, what = '', name = '', table] =
    /^(?:default value for )?([a-z ]*?)\s?(\S+?)(?:\([^)]*\))?(?: (?:on|of) (?:[a-z ]+ )?(\S+))?$/.exec(who) ?? [];
  const before = definedBefore(context);
  const own = before.find(
    (each) => each.kind === (kinds[what] ?? 'relation') && each.name === bare(name) && (!table || each.parent === bare(table)),
  );
  const owner = table === undefined ? undefined : before.find((each) => each.kind === 'relation' && each.name === bare(table));
  const place = own ?? owner;
  return place ? [placeOfDefinition(place, `${who}, which depends on it, comes from here.`)] : [];
}

function bare(name: string): string {
  return (name.split('.').at(-1) ?? name).replaceAll('"', '');
}
