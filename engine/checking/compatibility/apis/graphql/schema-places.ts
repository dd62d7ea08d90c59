import type { ASTNode, GraphQLField, GraphQLNamedType, GraphQLSchema } from 'graphql';
import type { ApiPlace } from '../api-format';
import type { BuiltSchema } from './read-graphql';

/** One element that a path such as `Query.user.id` names, outermost first. */
interface Element {
  readonly astNode?: ASTNode | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}

/** The elements of a path that the schema has, outermost first. `@name` is a directive; `.@name` at the end of a path is left out. */
export function elementsAt(schema: GraphQLSchema, path: string): { readonly found: readonly Element[]; readonly complete: boolean } {
  const steps = path.replace(/(?<=.)\.@.*$/, '').split('.');
  const [first = '', second, third] = steps;
  const isDirective = first.startsWith('@');
  const root = isDirective ? schema.getDirective(first.slice(1)) : schema.getType(first);
  if (!root) return { found: [], complete: false };
  const found: Element[] = [root];
  const part =
    second === undefined
      ? undefined
      : 'args' in root
        ? root.args.find(({ name }) => name === second)
        : partOf(root as GraphQLNamedType, second);
  if (part) found.push(part);
  const argument = part && third !== undefined && 'args' in part ? part.args?.find(({ name }) => name === third) : undefined;
  if (argument) found.push(argument);
  return { found, complete: found.length === steps.length };
}

function partOf(type: GraphQLNamedType, name: string): (Element & Partial<Pick<GraphQLField<unknown, unknown>, 'args'>>) | undefined {
  if ('getFields' in type) return type.getFields()[name];
  return 'getValue' in type ? (type.getValue(name) ?? undefined) : undefined;
}

/** Where the element of a path is, or the nearest one around it that the schema has, or the beginning of the description. */
export function placeOf({ schema, document }: BuiltSchema, path: string | undefined, part?: 'type' | 'defaultValue'): ApiPlace | undefined {
  const { found, complete } = path === undefined ? { found: [], complete: false } : elementsAt(schema, path);
  for (const element of [...found].reverse()) {
    const place = complete && element === found.at(-1) ? placeOfNode(element.astNode, part) : placeOfNode(element.astNode);
    if (place) return place;
  }
  return placeOfNode(document.definitions[0]);
}

function placeOfNode(node: ASTNode | null | undefined, part?: 'type' | 'defaultValue'): ApiPlace | undefined {
  if (!node) return undefined;
  const inner = part && part in node ? (node as Partial<Record<typeof part, ASTNode>>)[part] : undefined;
  const name = 'name' in node ? node.name : undefined;
  const location = (inner ?? name ?? node).loc ?? node.loc;
  return location && { file: location.source.name, range: { start: location.start, end: location.end } };
}
