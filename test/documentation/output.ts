import { linesOf } from './page';

const progress = /^\[\d+\/\d+\] /;
const omitted = '...';

/** What a reader sees of an output: without lines of progress, colours, blanks at the ends of lines and empty lines around it. */
export function asShown(output: string): string {
  const lines = output.split('\n').filter((line) => !progress.test(line));
  return `${lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '')}\n`;
}

/** The first and the last lines of a text, with dots for what is left out; without numbers, the whole text. */
export function excerpt(text: string, first?: number, last?: number): string {
  if (first === undefined && last === undefined) return text;
  const lines = linesOf(text);
  const [start, end] = [first ?? 0, last ?? 0];
  if (lines.length <= start + end) return text;
  return `${[...lines.slice(0, start), omitted, ...lines.slice(lines.length - end)].join('\n')}\n`;
}

/** A text in which everything that is another one in each run has one form: times, durations, sizes, ids, hashes and folders. */
export function asCompared(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>')
    .replace(/\b\d{8}T\d{6}Z-[0-9a-f]+/g, '<id>')
    .replace(/\bsha256:[0-9a-f]+/g, '<hash>')
    .replace(/\b[0-9a-f]{7,40}\b/g, '<hash>')
    .replace(/\b\d+(?:\.\d+)? ?(?:ms|s|min|bytes|kB|MB)(?![\w])/g, '<amount>')
    .replace(/\bPostgreSQL \d+(?:\.\d+)+/g, 'PostgreSQL <version>')
    .replace(/(?:\/[\w.-]+)*\/(?=\.mem8\/)/g, '<folder>/');
}
