import type { ASTVisitor, DefinitionNode, DocumentNode, GraphQLError, GraphQLSchema, ObjectTypeDefinitionNode } from 'graphql';
import type { SDLValidationContext } from 'graphql/validation/ValidationContext';
import type { Files } from '../../../../core/host';
import { parentFolder, resolvePath } from '../../../../core/paths';
import { failure, type Outcome, outcomeOf, type Problem, ProblemError, success } from '../../../../core/problem';
import type { ApiDocument } from '../api-format';
import type * as library from './library';
import { remembered } from '../../../../core/remember';

export type GraphqlLibrary = typeof library;

/** The library takes long to load, and most projects have no GraphQL. */
export function graphqlLibrary(): Promise<GraphqlLibrary> {
  return import('./library');
}

/** A description that can be compared. Places of its nodes are offsets in the source that `loc.source.name` names. */
export interface BuiltSchema {
  readonly document: DocumentNode;
  readonly schema: GraphQLSchema;
}

/** Parses a description and everything that it imports by `#import "file"` or `# import Name from "file"` lines. */
export function readGraphql(file: string, files: Files): Promise<Outcome<ApiDocument>> {
  return outcomeOf(async () => {
    const sources = new Map<string, string>();
    await readSource(file, files, sources);
    const document: ApiDocument = { kind: 'graphql', file, sources };
    const schema = await builtSchema(document);
    if (!schema.ok) throw new ProblemError(schema.problem);
    return document;
  });
}

async function readSource(file: string, files: Files, sources: Map<string, string>): Promise<void> {
  if (sources.has(file)) return;
  const text = await files.readText(file);
  sources.set(file, text);
  for (const [, path = ''] of text.matchAll(/^[ \t]*#[ \t]*import[ \t]+(?:[^"'\n]+[ \t]from[ \t]+)?["']([^"'\n]+)["']/gm)) {
    await readSource(resolvePath(parentFolder(file), path), files, sources);
  }
}

/** The schema of a description; built once for each document. */
export const builtSchema = remembered(buildFrom);

async function buildFrom({ file, sources }: ApiDocument): Promise<Outcome<BuiltSchema>> {
  const library = await graphqlLibrary();
  const { buildASTSchema, GraphQLError, Kind, parse, Source } = library;
  try {
    const parsed = [...sources].map(([name, text]) => parse(new Source(text, name)));
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: withoutOrphans(parsed.flatMap(({ definitions }) => definitions)) };
    const [error] = definitionErrors(document, library);
    if (error) return failure(invalid(file, error));
    return success({ document, schema: buildASTSchema(document, { assumeValidSDL: true, assumeValid: true }) });
  } catch (error) {
    if (error instanceof GraphQLError) return failure(invalid(file, error));
    // Some definitions are refused by exceptions of the general kind.
    if (error instanceof Error) return failure({ ...notUsable(file), cause: error.message });
    throw error;
  }
}

/** What is wrong with definitions. Directives may be unknown: a gateway or a code generator defines them. */
function definitionErrors(document: DocumentNode, library: GraphqlLibrary): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const context = {
    getDocument: () => document,
    getSchema: () => undefined,
    reportError: (error: GraphQLError) => errors.push(error),
  } as unknown as SDLValidationContext;
  const rules = [
    library.UniqueOperationTypesRule,
    library.UniqueTypeNamesRule,
    library.UniqueEnumValueNamesRule,
    library.UniqueFieldDefinitionNamesRule,
    library.UniqueArgumentDefinitionNamesRule,
    library.KnownTypeNamesRule as (context: SDLValidationContext) => ASTVisitor,
    library.PossibleTypeExtensionsRule,
  ];
  library.visit(document, library.visitInParallel(rules.map((rule) => rule(context))));
  return errors;
}

/** Part of a description may extend types that another part, which is not here, defines: the first extension stands for them. */
function withoutOrphans(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const defined = new Set(definitions.flatMap((node) => (/TypeDefinition$/.test(node.kind) && 'name' in node ? [node.name?.value] : [])));
  return definitions.map((node) => {
    if (!/TypeExtension$/.test(node.kind) || !('name' in node) || defined.has(node.name?.value)) return node;
    defined.add(node.name?.value);
    return { ...node, kind: node.kind.replace('Extension', 'Definition') } as ObjectTypeDefinitionNode;
  });
}

function invalid(file: string, error: GraphQLError): Problem {
  const [node] = error.nodes ?? [];
  const source = error.source ?? node?.loc?.source;
  return { ...notUsable(source?.name ?? file), line: error.locations?.[0]?.line, cause: error.message };
}

function notUsable(file: string): Problem {
  return { code: 'api-invalid', message: `${file} is not a valid GraphQL schema.`, remedy: 'Correct the schema here.', file };
}
