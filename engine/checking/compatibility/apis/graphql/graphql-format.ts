import type { GraphQLArgument, GraphQLDirective, GraphQLNamedType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import { outcomeOf, ProblemError } from '../../../../core/problem';
import { sentences } from '../../../../core/wording';
import type { ApiChange, ApiFormat, ComparisonOptions } from '../api-format';
import { impactOf, type InspectedChange, textOf } from './change-messages';
import { type BuiltSchema, builtSchema, type GraphqlLibrary, graphqlLibrary, readGraphql } from './read-graphql';
import { elementsAt, placeOf } from './schema-places';

const firstKeyword =
  /^\uFEFF?(?:\s|,|#[^\n]*\n|"""(?:[^"]|"(?!""))*"""|"[^"\n]*")*(?:extend\s+)?(?:schema|type|interface|union|enum|input|scalar|directive)\b\s*[@{\w]/;

/** GraphQL schemas in the schema definition language, compared by @graphql-inspector/core. */
export const graphqlFormat: ApiFormat = {
  kind: 'graphql',
  recognises: (file, text) => /\.(graphqls?|gql)$/i.test(file) || (!/\.(json|ya?ml|proto)$/i.test(file) && firstKeyword.test(text)),
  read: readGraphql,
  compare: (older, newer, options) =>
    outcomeOf(async () => {
      const [before, after] = await Promise.all([builtSchema(older), builtSchema(newer)]);
      if (!before.ok) throw new ProblemError(before.problem);
      if (!after.ok) throw new ProblemError(after.problem);
      return compareSchemas(before.value, { ...after.value, file: newer.file }, options);
    }),
};

async function compareSchemas(
  older: BuiltSchema,
  newer: BuiltSchema & { readonly file: string },
  { today }: ComparisonOptions,
): Promise<ApiChange[]> {
  const library = await graphqlLibrary();
  const { diff, DiffRule } = library;
  const found: readonly InspectedChange[] = await diff(older.schema, newer.schema, [DiffRule.simplifyChanges]);
  const read = typesReadByClients(newer.schema, library);
  const inUse = typesInUse(older.schema, library);
  const changes = found.map((change): ApiChange => {
    const part = /DEFAULT/.test(change.type) ? 'defaultValue' : /TYPE_CHANGED$/.test(change.type) ? 'type' : undefined;
    const path = change.path ?? pathOfArgument(change);
    const element = {
      isReadByClients: read.has(path?.split('.')[0] ?? ''),
      becameRequired: path !== undefined && !isRequired(older.schema, path, library) && isRequired(newer.schema, path, library),
    };
    const impact = impactOf(change, element);
    const before = impact === 'addition' ? undefined : placeOf(older, path, part);
    const removed = /^(FIELD|FIELD_ARGUMENT|INPUT_FIELD|ENUM_VALUE|TYPE)_REMOVED$/.test(change.type);
    const notice = removed && path !== undefined ? noticeOf(older.schema, path, today, inUse) : undefined;
    const text = textOf(change, element);
    const details = sentences(text.details, notice?.remark);
    return {
      id: change.type.toLowerCase().replaceAll('_', '-'),
      impact,
      message: text.message,
      details,
      place: placeOf(newer, path, part) ?? { file: newer.file, range: { start: 0, end: 0 } },
      before,
      announced: notice?.announced,
    };
  });
  return inOrderOf(newer, changes);
}

/** Where operations can have a directive. Source: Directive Locations in the GraphQL specification. */
const executableLocation = /^(QUERY|MUTATION|SUBSCRIPTION|FIELD|FRAGMENT_DEFINITION|FRAGMENT_SPREAD|INLINE_FRAGMENT|VARIABLE_DEFINITION)$/;

/** Whether operations have to send an argument or input field. Directives that only schemas can have do not concern them. */
function isRequired(schema: GraphQLSchema, path: string, { isRequiredArgument }: GraphqlLibrary): boolean {
  const { found, complete } = elementsAt(schema, path);
  const [root] = found;
  const element = found.at(-1);
  if (!complete || !element || element === root || !('type' in element) || !('defaultValue' in element)) return false;
  if (root && 'locations' in root && !(root as GraphQLDirective).locations.some((location) => executableLocation.test(location)))
    return false;
  return isRequiredArgument(element as GraphQLArgument);
}

/** Changes of arguments name the field alone where the argument is gone. */
function pathOfArgument({ meta }: InspectedChange): string | undefined {
  const names = [meta['typeName'], meta['fieldName'], meta['argumentName'] ?? meta['removedFieldArgumentName']];
  return names.every((name) => typeof name === 'string') ? names.join('.') : undefined;
}

interface Notice {
  readonly announced: boolean;
  /** What the older description announces. A full sentence. */
  readonly remark: string;
}

/**
 * Whether the removal of an element was announced: it or what holds it was marked `@deprecated`, and a date in the reason is
 * over. A type counts as announced when only deprecated fields lead to it.
 */
function noticeOf(schema: GraphQLSchema, path: string, today: string, inUse: ReadonlySet<string>): Notice {
  if (!path.includes('.')) {
    const announced = !inUse.has(path);
    return { announced, remark: announced ? 'Only deprecated fields led to it.' : 'Fields that were not deprecated led to it.' };
  }
  const { found } = elementsAt(schema, path);
  const reason = found.map(({ deprecationReason }) => deprecationReason).find((each) => typeof each === 'string');
  if (reason === undefined || reason === null) return { announced: false, remark: 'It was not deprecated.' };
  const date = /\b\d{4}-\d{2}-\d{2}\b/.exec(reason)?.[0];
  if (date === undefined || date <= today) return { announced: true, remark: 'It was deprecated.' };
  return { announced: false, remark: `It was promised until ${date}.` };
}

/** The types that operations can reach without a deprecated field or argument. */
function typesInUse(schema: GraphQLSchema, library: GraphqlLibrary): Set<string> {
  const found = reachable(schema, library, true);
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (root && !Object.values(root.getFields()).some(isKept)) found.delete(root.name);
  }
  return found;
}

/** The types that answers can hold. */
function typesReadByClients(schema: GraphQLSchema, library: GraphqlLibrary): Set<string> {
  return reachable(schema, library, false);
}

function reachable(schema: GraphQLSchema, library: GraphqlLibrary, withInputs: boolean): Set<string> {
  const { getNamedType, isAbstractType, isInputObjectType, isInterfaceType, isObjectType } = library;
  const seen = new Set<string>();
  const pending: (GraphQLNamedType | GraphQLOutputType | null | undefined)[] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ];
  for (let type = pending.pop(); type !== undefined || pending.length > 0; type = pending.pop()) {
    const named = type ? getNamedType(type) : undefined;
    if (!named || seen.has(named.name)) continue;
    seen.add(named.name);
    if (isAbstractType(named)) pending.push(...schema.getPossibleTypes(named));
    if (isObjectType(named) || isInterfaceType(named)) {
      pending.push(...named.getInterfaces());
      for (const field of Object.values(named.getFields())) {
        if (withInputs && typeof field.deprecationReason === 'string') continue;
        pending.push(field.type);
        if (withInputs) pending.push(...field.args.filter(isKept).map((argument) => getNamedType(argument.type)));
      }
    }
    if (withInputs && isInputObjectType(named)) {
      pending.push(
        ...Object.values(named.getFields())
          .filter(isKept)
          .map((field) => getNamedType(field.type)),
      );
    }
  }
  return seen;
}

function isKept({ deprecationReason }: { readonly deprecationReason?: string | null | undefined }): boolean {
  return typeof deprecationReason !== 'string';
}

function inOrderOf({ document }: BuiltSchema, changes: readonly ApiChange[]): ApiChange[] {
  const files = [...new Set(document.definitions.map(({ loc }) => loc?.source.name))];
  return [...changes].sort(
    (a, b) => files.indexOf(a.place.file) - files.indexOf(b.place.file) || a.place.range.start - b.place.range.start,
  );
}
