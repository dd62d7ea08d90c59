import { shortened } from '../../../../core/wording';
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
interface ChangedElement {
  /** True for a type that answers can hold. */
  readonly isReadByClients: boolean;
  /** True for an argument or input field that operations must now send and could leave out before. */
  readonly becameRequired: boolean;
}

/** The impact of a change. An optional argument harms no operation that does not send it, and directives are for servers. */
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

/** Headline and details of a change. */
interface ChangeText {
  readonly message: string;
  readonly details?: string | undefined;
}

/** Longest message of the library that is a headline. */
const longestHeadline = 90;

/** Says what a change means for clients. Changes without a text here keep the words of the library that found them. */
export function textOf(change: InspectedChange, { becameRequired }: ChangedElement): ChangeText {
  const path = change.path ?? '';
  if (becameRequired && isDefaultChange(change))
    return { message: `\`${path}\` is now required`, details: 'It no longer has a default. Operations that leave it out are refused.' };
  const meta = (name: string) => String(change.meta[name]);
  const text = texts[change.type]?.({ path, meta, isBreaking: change.criticality.level === 'BREAKING', becameRequired });
  return text ?? inOwnWords(change.message.replaceAll("'", '`').replace(/\.$/, ''));
}

function inOwnWords(words: string): ChangeText {
  return words.length <= longestHeadline ? { message: words } : { message: shortened(words, longestHeadline), details: `${words}.` };
}

function isDefaultChange({ type }: InspectedChange): boolean {
  return /_DEFAULT_(VALUE_)?CHANGED$/.test(type);
}

interface Told {
  readonly path: string;
  readonly meta: (name: string) => string;
  readonly isBreaking: boolean;
  readonly becameRequired: boolean;
}

const texts: Readonly<Record<string, (told: Told) => ChangeText>> = {
  FIELD_ADDED: ({ path }) => ({ message: `\`${path}\` is new` }),
  FIELD_REMOVED: ({ path }) => ({ message: `\`${path}\` is removed`, details: 'Operations that select it are refused.' }),
  TYPE_ADDED: ({ path }) => ({ message: `The type \`${path}\` is new` }),
  TYPE_REMOVED: ({ path }) => ({ message: `The type \`${path}\` is removed`, details: 'Operations that name it are refused.' }),
  TYPE_KIND_CHANGED: ({ path, meta }) => ({
    message: `\`${path}\` changes from ${kindOf(meta('oldTypeKind'))} to ${kindOf(meta('newTypeKind'))}`,
    details: 'Operations that use it may be refused.',
  }),
  FIELD_TYPE_CHANGED: ({ path, meta, isBreaking }) => outputType(path, meta('oldFieldType'), meta('newFieldType'), isBreaking),
  FIELD_ARGUMENT_ADDED: ({ path, isBreaking }) =>
    added(`The argument \`${nameOf(path)}\` of \`${parentOf(path)}\``, isBreaking, 'Operations without it are refused.'),
  FIELD_ARGUMENT_REMOVED: ({ meta }) => ({
    message: `The argument \`${meta('removedFieldArgumentName')}\` of \`${meta('typeName')}.${meta('fieldName')}\` is removed`,
    details: 'Operations that send it are refused.',
  }),
  FIELD_ARGUMENT_TYPE_CHANGED: (told) => inputType(told, told.meta('oldArgumentType'), told.meta('newArgumentType')),
  FIELD_ARGUMENT_DEFAULT_CHANGED: ({ path, meta }) => changedDefault(path, meta('oldDefaultValue'), meta('newDefaultValue')),
  DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED: ({ path, meta }) =>
    changedDefault(path, meta('oldDirectiveArgumentDefaultValue'), meta('newDirectiveArgumentDefaultValue')),
  INPUT_FIELD_ADDED: ({ path, isBreaking }) =>
    added(`\`${path}\``, isBreaking, `Operations that send \`${parentOf(path)}\` without it are refused.`),
  INPUT_FIELD_REMOVED: ({ path }) => ({ message: `\`${path}\` is removed`, details: 'Operations that send it are refused.' }),
  INPUT_FIELD_TYPE_CHANGED: (told) => inputType(told, told.meta('oldInputFieldType'), told.meta('newInputFieldType')),
  INPUT_FIELD_DEFAULT_VALUE_CHANGED: ({ path, meta }) => changedDefault(path, meta('oldDefaultValue'), meta('newDefaultValue')),
  ENUM_VALUE_REMOVED: ({ path }) => ({
    message: `\`${path}\` is removed`,
    details: 'Operations that send it are refused, and clients no longer get it.',
  }),
  ENUM_VALUE_ADDED: ({ path }) => ({
    message: `\`${path}\` is new`,
    details: `Clients that handle every value of \`${parentOf(path)}\` may get one that they do not know.`,
  }),
  UNION_MEMBER_REMOVED: ({ path, meta }) => ({
    message: `\`${path}\` no longer includes \`${meta('removedUnionMemberTypeName')}\``,
    details: 'Operations that select that member are refused.',
  }),
  UNION_MEMBER_ADDED: ({ path, meta }) => ({
    message: `\`${path}\` now includes \`${meta('addedUnionMemberTypeName')}\``,
    details: `Clients that handle every member of \`${path}\` may get one that they do not know.`,
  }),
  OBJECT_TYPE_INTERFACE_REMOVED: ({ path, meta }) => ({
    message: `\`${path}\` no longer implements \`${meta('removedInterfaceName')}\``,
    details: `Operations that read it as \`${meta('removedInterfaceName')}\` are refused.`,
  }),
  OBJECT_TYPE_INTERFACE_ADDED: ({ path, meta }) => ({
    message: `\`${path}\` now implements \`${meta('addedInterfaceName')}\``,
    details: `Clients that handle every type of \`${meta('addedInterfaceName')}\` may get one that they do not know.`,
  }),
};

function added(subject: string, isRequired: boolean, consequence: string): ChangeText {
  return isRequired ? { message: `${subject} is new and required`, details: consequence } : { message: `${subject} is new and optional` };
}

function outputType(path: string, before: string, now: string, isBreaking: boolean): ChangeText {
  const change = `\`${before}\` to \`${now}\``;
  if (before === `${now}!`) return { message: `\`${path}\` can now be null`, details: `Its type changes from ${change}.` };
  const details = isBreaking ? 'Clients that read it get another type.' : 'Clients that expect the old type can read the new one.';
  return { message: `\`${path}\` changes from ${change}`, details };
}

function inputType({ path, isBreaking, becameRequired }: Told, before: string, now: string): ChangeText {
  const change = `\`${before}\` to \`${now}\``;
  const consequence = isBreaking ? 'Operations that send the old type are refused.' : 'The old type is still accepted.';
  if (now !== `${before}!`) return { message: `\`${path}\` changes from ${change}`, details: consequence };
  const message = becameRequired ? `\`${path}\` is now required` : `\`${path}\` can no longer be null`;
  return { message, details: `Its type changes from ${change}. ${consequence}` };
}

/** `InputObjectTypeDefinition` as `input object`. */
function kindOf(name: string): string {
  return name
    .replace(/Type(Definition)?$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

function changedDefault(path: string, before: string, now: string): ChangeText {
  const [had, has] = [known(before), known(now)];
  const fact =
    had === undefined
      ? `now has the default ${has ?? ''}`
      : has === undefined
        ? `no longer has the default ${had}`
        : `changes its default from ${had} to ${has}`;
  return { message: `\`${path}\` ${fact}`, details: 'Operations that leave it out behave differently.' };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** A default value for a headline; undefined for none. */
function known(value: string): string | undefined {
  return value === 'undefined' || value === 'null' ? undefined : shortened(value, 30);
}
