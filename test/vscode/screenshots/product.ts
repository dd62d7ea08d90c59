import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../ui/host';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[] };
}

/** The title of a command in the palette, for example `Mem8 Upgrade: Plan Upgrade`. */
export function paletteTitle(command: string): string {
  const { contributes } = read<Manifest>('package.json');
  const texts = read<Record<string, string>>('package.nls.json');
  const declared = contributes.commands.find((candidate) => candidate.command === command);
  if (!declared) throw new Error(`package.json has no command ${command}.`);
  const text = (key: string): string => texts[key.replaceAll('%', '')] ?? key;
  return `${text(declared.category)}: ${text(declared.title)}`;
}

/** What the activity bar calls the views of the extension. */
export function viewName(): string {
  return read<Record<string, string>>('package.nls.json')['viewContainer'] ?? '';
}

/** The title of the command that shows the views of the extension. */
export function viewTitle(): string {
  return `View: Show ${viewName()}`;
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(given().root, name), 'utf8')) as T;
}
