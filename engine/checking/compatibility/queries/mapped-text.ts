import type { TextRange } from '../../../core/text';
import type { SourcePiece } from './release-query';

/** A text that was made from parts of a file, and which part each part of it comes from. */
export interface MappedText {
  readonly text: string;
  /** In order; empty only for an empty text. */
  readonly pieces: readonly SourcePiece[];
}

/** Puts a mapped text together from left to right. */
export class MappedTextBuilder {
  #text = '';
  readonly #pieces: { at: number; start: number; end: number }[] = [];

  get length(): number {
    return this.#text.length;
  }

  /** Adds a text that was made from a part of the file; one of the same length is taken to be that part as it stands. */
  add(text: string, start: number, end: number): void {
    if (text === '') return;
    const last = this.#pieces.at(-1);
    const continues = last?.end === start && end - start === text.length && last.end - last.start === this.#text.length - last.at;
    if (continues) last.end = end;
    else this.#pieces.push({ at: this.#text.length, start, end });
    this.#text += text;
  }

  addSlice(source: MappedText, from: number, to: number): void {
    for (let index = pieceAt(source, from); index < source.pieces.length; index++) {
      const piece = source.pieces[index];
      if (!piece || piece.at >= to) return;
      const pieceEnd = source.pieces[index + 1]?.at ?? source.text.length;
      const start = Math.max(from, piece.at);
      const end = Math.min(to, pieceEnd);
      if (start >= end) continue;
      if (isVerbatim(piece, pieceEnd)) {
        this.add(source.text.slice(start, end), piece.start + start - piece.at, piece.start + end - piece.at);
      } else this.add(source.text.slice(start, end), piece.start, piece.end);
    }
  }

  build(): MappedText {
    return { text: this.#text, pieces: this.#pieces };
  }
}

/** The whole of a file, or a part of it, as it stands. */
export function verbatim(text: string, start = 0): MappedText {
  return { text, pieces: text === '' ? [] : [{ at: 0, start, end: start + text.length }] };
}

export function slice(source: MappedText, from: number, to: number): MappedText {
  const builder = new MappedTextBuilder();
  builder.addSlice(source, from, to);
  return builder.build();
}

/** The part of the file that a part of the text, at least one character long, was made from. */
export function sourceRange(source: MappedText, from: number, to: number): TextRange {
  const { pieces } = slice(source, from, to);
  const first = pieces[0];
  const last = pieces.at(-1);
  return first && last ? { start: first.start, end: Math.max(first.start, last.end) } : { start: 0, end: 0 };
}

/** The place of the last piece that begins at the offset or before it. */
function pieceAt({ pieces }: MappedText, offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isVerbatim(piece: SourcePiece, pieceEnd: number): boolean {
  return piece.end - piece.start === pieceEnd - piece.at;
}
