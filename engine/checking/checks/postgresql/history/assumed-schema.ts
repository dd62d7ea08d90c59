import { mentions } from '../../../../databases/postgresql/inference/extensions-by-hand';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import { fieldsOf, nameFromList, walk } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import { listedBriefly } from '../../../../core/wording';
import type { AssumedObject } from '../../../../databases/assumed-object';
import type { Check, FindingDraft } from '../../check';
import { displayName, headOf } from '../support/evidence';
import { lastName } from '../support/guessed';

export const check: Check = {
  id: 'assumed-schema',
  hazards: [],
  severity: 'hint',
  summary: 'Uses a table that no known migration creates, so its columns are guessed.',
  *migration({ assumed, up }, { completeHistory }) {
    yield* fromElsewhere(assumed, up.statements);
    for (const object of assumed) {
      if (object.from) continue;
      if (completeHistory && object.object.startsWith('extension ')) {
        const name = object.object.slice('extension '.length);
        const statement = up.statements.find((each) => each.kind === 'sql' && mentions(each, name)) ?? up.statements[0];
        if (statement) yield { range: headOf(statement), severity: 'info', ...missingExtension(name) };
        continue;
      }
      if (!object.object.startsWith('table ') || !object.sql.startsWith('CREATE TABLE ')) continue;
      const name = object.object.slice('table '.length);
      const statement = firstThatNeeds(up.statements, name.slice(name.indexOf('.') + 1));
      if (!statement) continue;
      yield {
        range: headOf(statement),
        message: `No known migration creates ${displayName(name)}: its columns are guessed`,
        details: `${taken(object)}.`,
        advice: 'Declare a baseline to replace the guess.',
      };
    }
  },
};

/** One finding for each place that the objects are created in. */
function* fromElsewhere(assumed: readonly AssumedObject[], statements: readonly ParsedStatement[]): Iterable<FindingDraft> {
  const shared = assumed.flatMap(({ object, from }) => (from ? [{ name: lastName(object), from }] : []));
  for (const place of new Set(shared.map(({ from }) => from.directory))) {
    const objects = shared.filter(({ from }) => from.directory === place);
    const names = [...new Set(objects.map(({ name }) => name))];
    const statement = firstThatNeeds(statements, names[0] ?? '');
    if (!statement) continue;
    const [are, they] = names.length === 1 ? ['is', 'it exists'] : ['are', 'they exist'];
    yield {
      range: headOf(statement),
      severity: 'info',
      message: `${listedBriefly(names)} ${are} created in ${place}, not in this directory`,
      details: `The checks assume that ${they} as defined there.`,
      related: objects.map(({ name, from: { file, range } }) => ({ file, range, message: `Creates ${name}.` })),
    };
  }
}

function missingExtension(name: string): Pick<FindingDraft, 'message' | 'details' | 'advice'> {
  return {
    message: `No script creates the extension ${name}, which this script needs`,
    details: 'The checks assume that the extension exists.',
    advice: `Add CREATE EXTENSION IF NOT EXISTS ${identifier(name)}; to an earlier script, or create it in the database by hand.`,
  };
}

function taken({ sql }: AssumedObject): string {
  const columns = / PARTITION OF /.test(sql) ? undefined : /^CREATE TABLE [^(]+ \((.*?)\)(?: PARTITION BY .*)?$/s.exec(sql)?.[1];
  return columns === undefined ? 'It is assumed to be a partition of its parent' : `It is assumed to have the columns ${columns}`;
}

/** The first statement that names the table, or else the first one: an index that is dropped does not name its table. */
function firstThatNeeds(statements: readonly ParsedStatement[], table: string): ParsedStatement | undefined {
  const sent = statements.filter(({ kind }) => kind === 'sql');
  return sent.find((statement) => names(statement, table)) ?? sent.find(({ text }) => text.includes(table)) ?? sent[0];
}

function names({ node }: ParsedStatement, table: string): boolean {
  if (!node) return false;
  let found = false;
  walk(node, (type, inner) => {
    if (type === 'RangeVar') found ||= inner.relname === table;
    return !found;
  });
  return found || (fieldsOf(node, 'DropStmt')?.objects ?? []).some((object) => nameFromList(object)?.name === table);
}
