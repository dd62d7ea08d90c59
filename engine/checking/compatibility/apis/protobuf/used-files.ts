/** What is read of a `FileDescriptorSet` in JSON, see descriptor.proto; `bufExtension.isImport` is true of files that buf brings along. */
interface Image {
  readonly file?: readonly FileDescriptor[];
}

interface FileDescriptor {
  readonly name: string;
  readonly package?: string;
  readonly dependency?: readonly string[];
  /** Places in `dependency`. */
  readonly publicDependency?: readonly number[];
  readonly messageType?: readonly MessageDescriptor[];
  readonly enumType?: readonly NamedDescriptor[];
  readonly service?: readonly { readonly method?: readonly { readonly inputType: string; readonly outputType: string }[] }[];
  readonly extension?: readonly FieldDescriptor[];
  readonly bufExtension?: { readonly isImport?: boolean };
}

interface NamedDescriptor {
  readonly name: string;
}

interface MessageDescriptor extends NamedDescriptor {
  readonly field?: readonly FieldDescriptor[];
  readonly extension?: readonly FieldDescriptor[];
  readonly nestedType?: readonly MessageDescriptor[];
  readonly enumType?: readonly NamedDescriptor[];
}

interface FieldDescriptor {
  /** With a leading dot. */
  readonly typeName?: string;
  readonly extendee?: string;
}

/**
 * The files that an API needs: its own, the ones that it imports publicly, and the ones whose types these use, over any number of
 * steps. An import that nothing uses is not among them, nor are the files of Protocol Buffers itself, which cannot be deleted.
 * @param image a `FileDescriptorSet` in JSON
 */
export function usedFiles(image: string, main: string): Set<string> {
  const files = new Map(((JSON.parse(image) as Image).file ?? []).map((file) => [file.name, file]));
  const types = typesOf([...files.values()]);
  const used = new Set<string>();
  const seen = new Set<string>();
  const waiting: string[] = [];
  const own = new Set([main]);
  for (const name of own) {
    const file = files.get(name);
    if (!file) continue;
    used.add(name);
    for (const index of file.publicDependency ?? []) own.add(file.dependency?.[index] ?? '');
    waiting.push(...referencesOfFile(file));
  }
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const type = types.get(name);
    if (!type || seen.has(name)) continue;
    seen.add(name);
    used.add(type.file);
    waiting.push(...type.references);
  }
  return new Set([...used].filter((name) => files.get(name)?.bufExtension?.isImport !== true));
}

function typesOf(files: readonly FileDescriptor[]) {
  const types = new Map<string, { readonly file: string; readonly references: readonly string[] }>();
  const add = (file: string, scope: string, messages: readonly MessageDescriptor[] = [], enums: readonly NamedDescriptor[] = []): void => {
    for (const { name } of enums) types.set(`${scope}.${name}`, { file, references: [] });
    for (const message of messages) {
      const name = `${scope}.${message.name}`;
      types.set(name, { file, references: referencesOf(message.field) });
      add(file, name, message.nestedType, message.enumType);
    }
  };
  for (const { name, package: scope, messageType, enumType } of files)
    add(name, scope === undefined ? '' : `.${scope}`, messageType, enumType);
  return types;
}

function referencesOfFile({ messageType = [], service = [], extension }: FileDescriptor): string[] {
  const methods = service.flatMap(({ method = [] }) => method.flatMap(({ inputType, outputType }) => [inputType, outputType]));
  return [...methods, ...referencesOf(extension), ...messageType.flatMap(referencesInside)];
}

function referencesInside({ field, extension, nestedType = [] }: MessageDescriptor): string[] {
  return [...referencesOf(field), ...referencesOf(extension), ...nestedType.flatMap(referencesInside)];
}

function referencesOf(fields: readonly FieldDescriptor[] = []): string[] {
  return fields.flatMap(({ typeName, extendee }) => [typeName, extendee].filter((name) => name !== undefined));
}
