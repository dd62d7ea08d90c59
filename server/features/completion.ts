import type { ManifestDocument } from '#engine/inputs/manifest/document';
import {
  allowedValues,
  alternatives,
  childSchemas,
  defaultOf,
  descriptionOf,
  isOptional,
  keysOf,
  kindOf,
  type Schema,
  schemasAt,
} from '#engine/inputs/manifest/schema-walk';
import { type CompletionItem, CompletionItemKind, type Position } from 'vscode-languageserver';
import type { ManifestPlace } from '../answer';
import { toOffset, toRange } from '../ranges';
import { suggestedKeys, suggestedValues, type Suggestion } from './manifest-values';
import { type YamlContext, yamlContextAt } from './yaml-context';

/**
 * In a manifest: keys, fixed values, and what the project suggests: versions, ranges, migrations that are in no release, features with
 * their last stage, channels, other systems, files, checks.
 */
export async function completion({ project, document, files }: ManifestPlace, position: Position): Promise<CompletionItem[]> {
  const offset = toOffset(document.text, position);
  const context = yamlContextAt(document.text, offset);
  const parents = schemasAt(context.parent);
  const suggestions: Suggestion[] = [];
  if (context.key !== undefined) {
    const at = [...context.parent, context.key];
    suggestions.push(...(await suggestedValues(project, files, at, context.prefix)));
    suggestions.push(...fixedValues(childSchemas(parents, context.key).flatMap(alternatives)));
  } else {
    if (context.isListEntry) suggestions.push(...(await suggestedValues(project, files, context.parent, context.prefix)));
    suggestions.push(...suggestedKeys(project, context.parent));
    suggestions.push(...keys(parents.flatMap(alternatives), document, context));
  }
  return suggestions.map((suggestion, index) => item(document, offset, context, suggestion, index));
}

function keys(schemas: readonly Schema[], document: ManifestDocument, context: YamlContext): Suggestion[] {
  return schemas.flatMap((schema) =>
    Object.entries(keysOf(schema) ?? {})
      .filter(([key]) => !isPresent(document, context, key))
      .sort(([, a], [, b]) => Number(isOptional(a)) - Number(isOptional(b)))
      .map(([key, child]) => {
        const isScalar = alternatives(child).every((each) => !['object', 'record', 'array'].includes(kindOf(each)));
        return {
          text: isScalar ? `${key}: ` : `${key}:`,
          label: key,
          kind: CompletionItemKind.Property,
          detail: detailOf(child),
          documentation: descriptionOf(child) ?? '',
        };
      }),
  );
}

function detailOf(schema: Schema): string {
  const standard = defaultOf(schema);
  if (!isOptional(schema)) return 'required';
  return typeof standard === 'object' || standard === undefined ? 'optional' : `default ${JSON.stringify(standard)}`;
}

/** True for a key that the mapping has already, other than by what is being typed. */
function isPresent(document: ManifestDocument, { parent, prefix }: YamlContext, key: string): boolean {
  const { start, end } = document.rangeOf([...parent, key], 'key');
  return key !== prefix && document.text.slice(start, end) === key && !(parent.at(-1) === key);
}

function fixedValues(schemas: readonly Schema[]): Suggestion[] {
  const values = schemas.flatMap((schema) => (kindOf(schema) === 'boolean' ? [true, false] : (allowedValues(schema) ?? [])));
  return values.map((value) => ({ text: String(value), kind: CompletionItemKind.EnumMember }));
}

function item(document: ManifestDocument, offset: number, context: YamlContext, suggestion: Suggestion, index: number): CompletionItem {
  const { text, label = text, kind, detail, documentation } = suggestion;
  const { prefix } = context;
  const quote = /^["']/.exec(prefix)?.[0];
  const closes = quote !== undefined && document.text[offset] === quote;
  const range = { start: offset - prefix.length, end: offset + (closes ? 1 : 0) };
  const needsSpace = context.key !== undefined && prefix === '' && document.text[offset - 1] === ':';
  const needsQuotes = quote !== undefined && !text.startsWith('"') && !text.includes(': ');
  const written = needsQuotes ? JSON.stringify(text) : text;
  return {
    label,
    kind,
    detail,
    documentation,
    filterText: quote === undefined ? label.replace(/^"|"$/g, '') : written,
    sortText: String(index).padStart(4, '0'),
    textEdit: { range: toRange(document.text, range), newText: (needsSpace ? ' ' : '') + written },
  };
}
