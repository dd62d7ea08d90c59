import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix, RelatedPlace } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import { capitalised } from '../../../../core/wording';
import { suggest } from '../../../../inputs/manifest/suggest';
import { walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { definedBefore, definitionsOf, orderIn, type PlacedDefinition, placeOfDefinition } from '../support/definitions';
import type { DefinedKind } from '../../../../databases/postgresql/sql/definitions';
import { headOf } from '../support/evidence';
import { failureFinding, failureFor, wordAt } from '../support/failure-causes';
import { fix } from '../support/fixes';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'unknown-object',
  hazards: ['P51'],
  severity: 'error',
  summary: 'Refers to an object that does not exist when the statement runs.',
  looksAhead: true,
  *statement(context) {
    const error = failureFor(context, 'unknown-object');
    if (!error) return;
    const missing = missingIn(error.message);
    if (!missing) {
      yield failureFinding(context, error);
      return;
    }
    const range = placeOfName(context, missing, error.offset);
    yield { ...failureFinding(context, error, { range }), ...explanation(context, missing, range) };
  },
};

interface Missing {
  readonly kind: DefinedKind;
  readonly name: string;
  /** The table, where the server says which. */
  readonly parent: string | undefined;
}

const kinds: Readonly<Record<string, DefinedKind>> = {
  column: 'column',
  type: 'type',
  schema: 'schema',
  function: 'function',
  procedure: 'function',
  routine: 'function',
  constraint: 'constraint',
  trigger: 'trigger',
  policy: 'policy',
  role: 'role',
  extension: 'extension',
  relation: 'relation',
  table: 'relation',
  view: 'relation',
  'materialized view': 'relation',
  index: 'relation',
  sequence: 'relation',
};

/** What does not exist, by the server's words. */
function missingIn(message: string): Missing | undefined {
  const match =
    /^(?<what>materialized view|[a-z]+) (?:"(?<quoted>(?:[^"]|"")+)"|(?<plain>[^\s("]+))(?:\([^]*\))?(?: (?:of|for) (?:relation|table|domain) "(?<parent>[^"]+)")?(?: named in key| referenced in foreign key constraint)? does not exist/.exec(
      message,
    )?.groups;
  const kind = match && kinds[match.what ?? ''];
  const parts = (match?.quoted ?? match?.plain ?? '').split('.');
  const name = parts.at(-1);
  if (!kind || !name) return undefined;
  return { kind, name, parent: match.parent ?? (kind === 'column' ? parts.at(-2) : undefined) };
}

function placeOfName({ statement }: StatementContext, { name }: Missing, offset: number | undefined): TextRange {
  const from = offset === undefined ? statement.start : statement.start + offset;
  return nameIn(statement, name, from) ?? (offset === undefined ? headOf(statement) : wordAt(statement, offset));
}

/** Why it does not exist, where the project tells: it comes later, it was dropped before, what creates it failed, it is spelt differently. */
function explanation(context: StatementContext, missing: Missing, range: TextRange): Partial<FindingDraft> {
  const here = orderIn(context);
  const same = definitionsOf(context.project).filter((each) => isSame(each, missing));
  const later = same.find(({ action, order }) => action === 'create' && order > here);
  const earlier = same.findLast(({ order }) => order < here);
  const where = (place: PlacedDefinition): string =>
    place.migration === context.migration ? 'a statement of this migration' : `migration ${place.migration.migration.id}`;
  if (earlier?.action === 'create' && earlier.failed) {
    return consequence(earlier, `${capitalised(where(earlier))} should create it, but fails.`);
  }
  if (missing.kind === 'role') {
    return {
      severity: 'info',
      verified: false,
      reason: 'stated',
      message: `Fails on servers without the role ${missing.name}, which no migration creates`,
      details: 'Roles belong to the server, not to the database.',
    };
  }
  if (later) {
    return {
      details: `${capitalised(where(later))} creates it later.`,
      advice: `Move one of the two ${later.migration === context.migration ? 'statements' : 'migrations'}.`,
      related: [placeOfDefinition(later, `Creates ${missing.name} later.`)],
    };
  }
  if (earlier?.action === 'drop') {
    return {
      details: `${capitalised(where(earlier))} dropped or renamed it.`,
      related: [placeOfDefinition(earlier, `Drops or renames ${missing.name}.`)],
      ...suggestion(context, missing, range),
    };
  }
  const near = nearName(context, missing);
  // The same name is there in another schema.
  return near === undefined || near === missing.name ? {} : { advice: `Did you mean ${near}?`, ...suggestion(context, missing, range) };
}

function consequence(cause: PlacedDefinition, details: string): Partial<FindingDraft> {
  return {
    severity: 'info',
    verified: false,
    reason: 'stated',
    details,
    related: [placeOfDefinition(cause, 'Fails.')] as RelatedPlace[],
  };
}

function isSame(definition: PlacedDefinition, { kind, name, parent }: Missing): boolean {
  return definition.kind === kind && definition.name === name && (parent === undefined || definition.parent === parent);
}

/** The known name that was probably meant. */
function nearName(context: StatementContext, { kind, name, parent }: Missing): string | undefined {
  const tables = kind === 'column' && parent === undefined ? tablesIn(context) : undefined;
  const known = definedBefore(context).filter(
    (each) => each.kind === kind && (parent === undefined || each.parent === parent) && (!tables || tables.has(each.parent ?? '')),
  );
  return suggest(
    name,
    known.map((each) => each.name),
  );
}

function tablesIn({ statement }: StatementContext): Set<string> {
  const tables = new Set<string>();
  walk(statement.node, (type, inner) => {
    const name = type === 'RangeVar' ? inner.relname : undefined;
    if (name !== undefined) tables.add(name);
  });
  return tables;
}

function suggestion(context: StatementContext, missing: Missing, range: TextRange): { fixes: Fix[] } {
  const near = nearName(context, missing);
  const written = context.script.script.text.slice(range.start, range.end);
  if (near === undefined || written.replaceAll('"', '').toLowerCase() !== missing.name.toLowerCase()) return { fixes: [] };
  return { fixes: [fix(context, `Change to ${near}`, [{ range, newText: identifier(near) }])] };
}
