import { Uri } from 'vscode';
import type { CommandTarget } from '#protocol';

/** What a command was called with: by a lens, a tree item, a menu or a test. */
export interface CommandArgument extends Partial<CommandTarget> {
  readonly target?: string;
}

/** Takes what is usable from a command's first argument; the palette gives none, menus of files give a URI. */
export function asArgument(value: unknown): CommandArgument {
  if (value instanceof Uri) return { manifest: value.toString() };
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Record<string, unknown>;
  const argument: Record<string, string> = {};
  for (const key of ['manifest', 'release', 'migration', 'target']) {
    const part = given[key];
    if (typeof part === 'string' && part !== '') argument[key] = part;
  }
  return argument;
}

/** True when a command was called without saying what it is about, as the palette does. */
export function isFromPalette(value: unknown): boolean {
  return value === undefined || value instanceof Uri;
}
