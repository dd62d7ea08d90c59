import { URI } from 'vscode-uri';

/** The absolute path, with `/` separators, of a file URI; undefined for other schemes. */
export function pathOf(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  if (parsed.scheme !== 'file') return undefined;
  return parsed.fsPath.replace(/\\/g, '/');
}

export function uriOf(path: string): string {
  return URI.file(path).toString();
}
