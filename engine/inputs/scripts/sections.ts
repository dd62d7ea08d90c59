import type { TextEdit } from '../../core/finding';
import type { TextRange } from '../../core/text';
import type { Direction, Script } from '../../core/scripts';

/** One line of a text. */
export interface Line extends TextRange {
  /** Without the line end; a `\r` before `\n` is not part of it. */
  readonly text: string;
  /** Where the next line starts. */
  readonly next: number;
}

/** The lines of a text, separated by `\n` or `\r\n`, as the tools that read line by line see them. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    const stop = newline < 0 ? text.length : newline;
    const end = newline > start && text[newline - 1] === '\r' ? stop - 1 : stop;
    if (start < text.length || start === 0) lines.push({ start, end, next, text: text.slice(start, end) });
    if (newline < 0) break;
    start = next;
  }
  return lines;
}

/** The first line of a text without its line end: where a problem of the whole file is shown. */
export function firstLine(text: string): TextRange {
  return { start: 0, end: linesOf(text)[0]?.end ?? 0 };
}

/**
 * The text with everything outside `sections` replaced by spaces; line ends stay, so offsets and lines stay.
 * At each of `terminators` (offsets outside the sections) a semicolon is put: where a tool ends a statement by a
 * directive of its own.
 */
export function maskOutside(text: string, sections: readonly TextRange[], terminators: readonly number[] = []): string {
  let masked = '';
  let at = 0;
  for (const section of sections) {
    masked += blank(text, at, section.start, terminators) + text.slice(section.start, section.end);
    at = section.end;
  }
  return masked + blank(text, at, text.length, terminators);
}

function blank(text: string, start: number, end: number, terminators: readonly number[]): string {
  let blanked = text.slice(start, end).replace(/[^\r\n]/g, ' ');
  for (const offset of terminators) {
    if (offset >= start && offset < end) blanked = `${blanked.slice(0, offset - start)};${blanked.slice(offset - start + 1)}`;
  }
  return blanked;
}

/** Joins ranges that touch and leaves out empty ones; `ranges` are in order. */
export function mergeRanges(ranges: readonly TextRange[]): TextRange[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of ranges) {
    const last = merged.at(-1);
    if (start === end) continue;
    if (last && last.end === start) last.end = end;
    else merged.push({ start, end });
  }
  return merged;
}

/** Whether a transaction is opened around a script, and the header in the script that says so. */
export interface TransactionChoice {
  readonly transaction: Script['transaction'];
  readonly header?: TextRange;
}

/** A script that is a whole file. */
export function wholeScript(file: string, direction: Direction, text: string, choice: TransactionChoice): Script {
  const sections = text.length > 0 ? [{ start: 0, end: text.length }] : [];
  return { file, direction, text, sections, sql: text, transaction: choice.transaction, transactionHeader: choice.header };
}

/** Puts a line before everything else in the script's file. Line ends follow the file's. */
export function lineAtStart(script: Script, line: string): TextEdit {
  return { file: script.file, range: { start: 0, end: 0 }, newText: `${line}${script.text.includes('\r\n') ? '\r\n' : '\n'}` };
}

/** What a directive splits a file into, when up and down share it. */
export interface DirectedText {
  readonly up: readonly TextRange[];
  /** Undefined when the file has no down part, which is not the same as an empty one. */
  readonly down: readonly TextRange[] | undefined;
  /** The lines that direct the tool and belong to neither part. */
  readonly directives: readonly TextRange[];
  /** Where a directive ends a statement that has no semicolon. */
  readonly terminators: readonly number[];
  readonly upTransaction: TransactionChoice;
  readonly downTransaction: TransactionChoice;
  readonly problems: readonly DirectiveProblem[];
}

export interface DirectiveProblem {
  readonly kind: 'bad-directive' | 'opaque-script';
  readonly range: TextRange;
  readonly message: string;
}

/** The scripts of a file that holds both directions. */
export function directedScripts(file: string, text: string, directed: DirectedText): { up: Script; down: Script | undefined } {
  const script = (direction: Direction, sections: readonly TextRange[], choice: TransactionChoice): Script => ({
    file,
    direction,
    text,
    sections,
    sql: maskOutside(text, sections, terminatorsAfter(sections, directed.terminators)),
    transaction: choice.transaction,
    transactionHeader: choice.header,
  });
  return {
    up: script('up', directed.up, directed.upTransaction),
    down: directed.down && script('down', directed.down, directed.downTransaction),
  };
}

/** The terminators that directly follow one of the sections, so that the other direction's are left out. */
function terminatorsAfter(sections: readonly TextRange[], terminators: readonly number[]): number[] {
  return terminators.filter((offset) => sections.some((section) => section.end === offset));
}

/** Cuts a text into sections, line by line. */
export class SectionCutter {
  readonly #ranges: Record<'up' | 'down', TextRange[]> = { up: [], down: [] };
  readonly directives: TextRange[] = [];

  /** Gives the line, with its line end, to a direction. */
  give(line: Line, direction: 'up' | 'down'): void {
    this.#ranges[direction].push({ start: line.start, end: line.next });
  }

  direct(line: Line): void {
    this.directives.push({ start: line.start, end: line.next });
  }

  sections(direction: 'up' | 'down'): TextRange[] {
    return mergeRanges(this.#ranges[direction]);
  }
}

/** True for a line with nothing on it but a comment, or nothing at all. */
export function isBlankOrComment(line: string): boolean {
  return /^\s*(--.*)?$/.test(line);
}
