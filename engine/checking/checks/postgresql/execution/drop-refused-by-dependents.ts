import { listed, listedBriefly } from '../../../../core/wording';
import type { RelatedPlace } from '../../../../core/finding';
import type { DatabaseError } from '../../../../databases/observation';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { definedBefore, placeOfDefinition } from '../support/definitions';
import type { DefinedKind } from '../../../../databases/postgresql/sql/definitions';
import { failureFinding, failureFor, placeOf } from '../support/failure-causes';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'drop-refused-by-dependents',
  hazards: ['P46'],
  severity: 'error',
  summary: 'Drops an object that other objects depend on, which PostgreSQL refuses.',
  looksAhead: true,
  *statement(context) {
    const error = failureFor(context, 'drop-refused-by-dependents');
    if (!error) return;
    const dependents = dependentsIn(error);
    const subject = /^cannot drop (.+) because (?!extension)/.exec(error.message)?.[1];
    yield failureFinding(context, error, {
      ...(subject !== undefined && dependents.length > 0 && explained(subject, dependents, error)),
      range: subjectPlace(context, subject) ?? placeOf(context.statement, error),
      related: dependents.flatMap((dependent) => placeOfDependent(context, dependent)),
    });
  },
};

function explained(subject: string, dependents: readonly Dependent[], { sqlstate }: DatabaseError): Partial<FindingDraft> {
  const names = dependents.map(({ who }) => who);
  const them = dependents.length === 1 ? 'it' : 'them';
  return {
    message: `Fails: ${listedBriefly(names, 1)} ${dependents.length === 1 ? 'depends' : 'depend'} on ${subject}`,
    details: `${names.length > 2 ? `Dependent objects: ${listed(names)}. ` : ''}CASCADE would drop ${them} without a notice in the script (${sqlstate}).`,
    advice: advice(dependents),
  };
}

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
  if (drops.length === dependents.length) return `Drop ${drops.length === 1 ? 'it' : 'them'} first: ${drops.join(' ')}`;
  const views = dependents.flatMap(({ who }) => /^(?:materialized )?view (\S+)$/.exec(who)?.[0] ?? []);
  if (views.length === dependents.length) {
    return `Drop ${listed(views)} first, and create ${views.length === 1 ? 'it' : 'them'} again without the dropped object.`;
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
  return place ? [placeOfDefinition(place, `Creates ${who}, which depends on it.`)] : [];
}

function bare(name: string): string {
  return (name.split('.').at(-1) ?? name).replaceAll('"', '');
}
