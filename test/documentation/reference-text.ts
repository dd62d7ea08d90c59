import type { Command, Option } from 'commander';

/** Usage, description and options of each command, for docs/command-line.md. */
export function commandReference(program: Command): string {
  return program.commands
    .map((command) => {
      const usage = `mem8-upgrade ${command.name()} ${command.usage()}`;
      const rows = command.options.map((option) => [`\`${option.flags}\``, meaningOf(option)]);
      return `### ${command.name()}\n\n\`${usage}\`\n\n${sentence(command.description())}\n\n${table(['option', 'meaning'], rows)}`;
    })
    .join('\n\n');
}

interface Setting {
  readonly default: unknown;
  readonly markdownDescription: string;
  readonly enum?: readonly string[];
  readonly order: number;
}

/** The settings that package.json declares, with the texts of package.nls.json, for docs/editor.md. */
export function settingsReference(settings: Readonly<Record<string, Setting>>, texts: Readonly<Record<string, string>>): string {
  const rows = Object.entries(settings)
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([name, setting]) => [
      `\`${name}\``,
      setting.enum?.map((value) => `\`${value}\``).join(', ') ?? typeof setting.default,
      setting.default === '' ? 'empty' : `\`${String(setting.default)}\``,
      setting.markdownDescription.replace(/^%(.+)%$/, (_, key: string) => texts[key] ?? key),
    ]);
  return table(['setting', 'values', 'default', 'meaning'], rows);
}

/** A page with a text between the comments `<!-- generated: NAME -->` and `<!-- end of NAME -->`. */
export function withGenerated(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no ${start} with ${end} behind it.`);
  return `${page.slice(0, from)}${start}\n\n${text}\n\n${page.slice(to)}`;
}

function meaningOf({ description, argChoices, defaultValue, negate }: Option): string {
  const choices = argChoices ? `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}` : '';
  const hasDefault = typeof defaultValue === 'string' && !negate;
  return sentence(`${description}${choices}${hasDefault ? `; default \`${defaultValue}\`` : ''}`);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
