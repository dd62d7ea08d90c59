import type { ApiImpact } from '../api-format';

/** A change as @graphql-inspector/core reports it. */
export interface InspectedChange {
  readonly type: string;
  readonly path?: string;
  readonly message: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly criticality: { readonly level: string };
}

/** What the schemas say about the element of a change. */
export interface ChangedElement {
  /** True for a type that answers can hold. */
  readonly isReadByClients: boolean;
  /** True for an argument or input field that operations have to send now, and could leave out before. */
  readonly becameRequired: boolean;
}

/** The impact of a change. An optional argument is no danger to those who do not send it, and directives are for servers. */
export function impactOf(change: InspectedChange, { isReadByClients, becameRequired }: ChangedElement): ApiImpact {
  const { type, criticality, meta } = change;
  if (becameRequired && isDefaultChange(change)) return 'breaking';
  if (type.startsWith('DIRECTIVE_USAGE_')) {
    return type === 'DIRECTIVE_USAGE_INPUT_OBJECT_ADDED' && meta['addedDirectiveName'] === 'oneOf' ? 'breaking' : 'neutral';
  }
  if (type === 'ENUM_VALUE_ADDED' && !isReadByClients) return 'addition';
  if (criticality.level === 'BREAKING') return 'breaking';
  if (criticality.level === 'DANGEROUS') return /^(FIELD_ARGUMENT|INPUT_FIELD)_ADDED$/.test(type) ? 'addition' : 'risky';
  return /^(TYPE|FIELD|FIELD_ARGUMENT|INPUT_FIELD|ENUM_VALUE|UNION_MEMBER|DIRECTIVE|OBJECT_TYPE_INTERFACE)_ADDED$/.test(type)
    ? 'addition'
    : 'neutral';
}

/** What a change means for clients. Changes without a sentence here keep the words of the library that found them. */
export function messageOf(change: InspectedChange, { becameRequired }: ChangedElement): string {
  const path = change.path ?? '';
  if (becameRequired && isDefaultChange(change))
    return `Operations that omit \`${path}\` are refused, because it is required and no longer has a default.`;
  const said = consequences[change.type]?.(path, (name) => String(change.meta[name]), change.criticality.level === 'BREAKING');
  return said ?? `${change.message.replaceAll("'", '`')}.`;
}

function isDefaultChange({ type }: InspectedChange): boolean {
  return /_DEFAULT_(VALUE_)?CHANGED$/.test(type);
}

type Consequence = (path: string, meta: (name: string) => string, isBreaking: boolean) => string | undefined;

const consequences: Readonly<Record<string, Consequence>> = {
  FIELD_REMOVED: (path) => `Operations that select \`${path}\` are refused, because the field was removed.`,
  TYPE_REMOVED: (path) => `Operations that name the type \`${path}\` are refused, because the type was removed.`,
  TYPE_KIND_CHANGED: (path, meta) =>
    `Operations that use \`${path}\` may be refused: it is ${meta('newTypeKind')} and was ${meta('oldTypeKind')}.`,
  FIELD_TYPE_CHANGED: (path, meta, isBreaking) =>
    isBreaking
      ? `Clients that read \`${path}\` get ${meta('newFieldType')} in place of ${meta('oldFieldType')}.`
      : `\`${path}\` is ${meta('newFieldType')}, which fits where ${meta('oldFieldType')} was expected.`,
  FIELD_ARGUMENT_ADDED: (path, _meta, isBreaking) =>
    isBreaking
      ? `Operations that use \`${parentOf(path)}\` are refused, because the argument \`${nameOf(path)}\` is now required.`
      : `\`${parentOf(path)}\` has a new optional argument \`${nameOf(path)}\`.`,
  FIELD_ARGUMENT_REMOVED: (_path, meta) =>
    `Operations that send the argument \`${meta('removedFieldArgumentName')}\` of \`${meta('typeName')}.${meta('fieldName')}\` are refused, because it was removed.`,
  FIELD_ARGUMENT_TYPE_CHANGED: (path, meta, isBreaking) =>
    isBreaking
      ? `Operations that send ${meta('oldArgumentType')} as \`${path}\` are refused: it must be ${meta('newArgumentType')}.`
      : `\`${path}\` now accepts ${meta('newArgumentType')}, which includes ${meta('oldArgumentType')}.`,
  FIELD_ARGUMENT_DEFAULT_CHANGED: (path, meta) =>
    `Operations that omit \`${path}\` behave differently: its default is now ${known(meta('newDefaultValue'))} and was ${known(meta('oldDefaultValue'))}.`,
  INPUT_FIELD_ADDED: (path, _meta, isBreaking) =>
    isBreaking
      ? `Operations that send \`${parentOf(path)}\` are refused, because its field \`${nameOf(path)}\` is now required.`
      : `\`${parentOf(path)}\` has a new optional field \`${nameOf(path)}\`.`,
  INPUT_FIELD_REMOVED: (path) => `Operations that send \`${path}\` are refused, because the input field was removed.`,
  INPUT_FIELD_TYPE_CHANGED: (path, meta, isBreaking) =>
    isBreaking
      ? `Operations that send ${meta('oldInputFieldType')} as \`${path}\` are refused: it must be ${meta('newInputFieldType')}.`
      : `\`${path}\` now accepts ${meta('newInputFieldType')}, which includes ${meta('oldInputFieldType')}.`,
  INPUT_FIELD_DEFAULT_VALUE_CHANGED: (path, meta) =>
    `Operations that omit \`${path}\` behave differently: its default is now ${known(meta('newDefaultValue'))} and was ${known(meta('oldDefaultValue'))}.`,
  ENUM_VALUE_REMOVED: (path) =>
    `Operations that send \`${path}\` are refused, and clients never receive it, because the value was removed.`,
  ENUM_VALUE_ADDED: (path) => `Clients that handle every value of \`${parentOf(path)}\` may receive an unknown value: \`${nameOf(path)}\`.`,
  UNION_MEMBER_REMOVED: (path, meta) =>
    `Operations that ask for \`${meta('removedUnionMemberTypeName')}\` in \`${path}\` are refused, because it is no longer a member.`,
  UNION_MEMBER_ADDED: (path, meta) =>
    `Clients that handle every member of \`${path}\` may receive an unknown member: \`${meta('addedUnionMemberTypeName')}\`.`,
  OBJECT_TYPE_INTERFACE_REMOVED: (path, meta) =>
    `Operations that read \`${path}\` as \`${meta('removedInterfaceName')}\` are refused, because it no longer implements that interface.`,
  OBJECT_TYPE_INTERFACE_ADDED: (path, meta) =>
    `Clients that handle every type of \`${meta('addedInterfaceName')}\` may receive an unknown type: \`${path}\`.`,
};

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function known(value: string): string {
  return value === 'undefined' || value === 'null' ? 'none' : value;
}
