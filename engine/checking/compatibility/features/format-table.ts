import { cellText, featureNotes, type FeatureTable, releasesOfTable } from './feature-table';

/** Which releases are shown. */
interface TableExtent {
  /** How many of the newest releases; all of them without. */
  readonly newest?: number;
}

/** The table as GitHub-flavoured Markdown: features, then requirements, then what else is known of features. */
export function featureTableMarkdown(table: FeatureTable, { newest }: TableExtent = {}): string {
  const count = table.releases.length;
  const shown = releasesOfTable(table, newest === undefined ? 0 : Math.max(0, count - newest), count);
  if (shown.features.length === 0 && shown.requirements.length === 0) return `${nothing(table)}\n`;
  const heads = shown.releases.map(({ version, yanked }) => (yanked ? `~~${version}~~` : version));
  const block = (title: string, rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0 ? [] : [[...[row([title, ...heads]), row(['---', ...heads.map(() => '---')])], ...rows.map(row)].join('\n')];
  const notes = featureNotes(shown).map((line) => `- ${escaped(line)}`);
  const parts = [
    ...block(
      'feature',
      shown.features.map(({ feature, cells }) => [feature, ...cells.map(cellText)]),
    ),
    ...block(
      'requires',
      shown.requirements.map(({ title, cells }) => [title, ...cells.map((cell) => (cell === null ? '-' : `\`${cell}\``))]),
    ),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

interface TextOptions {
  readonly columns: number;
  /** True: older releases follow in tables of their own; false: only the newest that fit are shown. */
  readonly all: boolean;
}

const longestName = 28;
const longestCell = 18;
const gap = '  ';

/** The table as plain text of a width; names and ranges that are too long are cut. */
export function featureTableText(table: FeatureTable, { columns, all }: TextOptions): string {
  if (table.features.length === 0 && table.requirements.length === 0) return `${nothing(table)}\n`;
  const blocks: string[] = [];
  let end = table.releases.length;
  let shown = table;
  while (end > 0 && (all || blocks.length === 0)) {
    let start = end - 1;
    while (start > 0 && widthOf(releasesOfTable(table, start - 1, end)) <= columns) start--;
    shown = releasesOfTable(table, start, end);
    blocks.unshift(blockOf(shown));
    end = start;
  }
  const notes = featureNotes(all ? table : shown);
  const left = end === 0 ? [] : [`${end === 1 ? 'One earlier release is' : `${end} earlier releases are`} not shown; --all shows them.`];
  return [...blocks, ...(notes.length > 0 ? [notes.join('\n')] : []), ...left].map((part) => `${part}\n`).join('\n');
}

function linesOf({ releases, features, requirements }: FeatureTable): string[][] {
  const head = ['', ...releases.map(({ version, yanked }) => (yanked ? `${version} (yanked)` : version))];
  return [
    head,
    ...features.map(({ feature, cells }) => [feature, ...cells.map(cellText)]),
    ...(requirements.length > 0 ? [['requires']] : []),
    ...requirements.map(({ title, cells }) => [title, ...cells.map((cell) => cell ?? '-')]),
  ].map((line) => line.map((cell, column) => cut(cell, column === 0 ? longestName : longestCell)));
}

function widthsOf(lines: readonly (readonly string[])[]): number[] {
  const count = Math.max(...lines.map((line) => line.length));
  return Array.from({ length: count }, (_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
}

function widthOf(table: FeatureTable): number {
  const widths = widthsOf(linesOf(table));
  return widths.reduce((total, width) => total + width, (widths.length - 1) * gap.length);
}

function blockOf(table: FeatureTable): string {
  const lines = linesOf(table);
  const widths = widthsOf(lines);
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function nothing({ system }: FeatureTable): string {
  return `The manifest of ${system} has no features and no requirements.`;
}
