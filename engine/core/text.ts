/** A half-open span of a document in UTF-16 code units, the unit of JavaScript strings and of LSP positions. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A place in a document. `line` and `character` count from 0; `character` is in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Maps offsets to lines and back. Line ends are `\n`, `\r\n` and a lone `\r`, as in LSP. */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The position of an offset; offsets outside the text are clamped to it. */
  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - (this.#starts[low] ?? 0) };
  }

  /** The offset of a position; a character past the end of its line is clamped to the line's end. */
  offsetAt(position: Position): number {
    const start = this.#starts[Math.max(0, position.line)];
    if (start === undefined) return this.text.length;
    const next = this.#starts[position.line + 1] ?? this.text.length;
    return Math.min(start + Math.max(0, position.character), next);
  }
}

/** Maps UTF-8 byte offsets, the unit of the PostgreSQL parser's locations, to UTF-16 offsets. */
export class ByteIndex {
  readonly #bytesAt: Uint32Array | undefined;

  constructor(text: string) {
    this.#bytesAt = isAscii(text) ? undefined : byteOffsets(text);
  }

  /** The UTF-16 offset of the character that holds the byte. */
  utf16(byteOffset: number): number {
    const table = this.#bytesAt;
    if (!table) return byteOffset;
    let low = 0;
    let high = table.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((table[middle] ?? 0) <= byteOffset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The UTF-16 offset of the code point with the given index, the unit of PostgreSQL's error positions (which count from 1). */
export function codePointToUtf16(text: string, codePoint: number): number {
  let offset = 0;
  for (let remaining = codePoint; remaining > 0 && offset < text.length; remaining--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function byteOffsets(text: string): Uint32Array {
  const table = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    table[i] = bytes;
    const code = text.charCodeAt(i);
    const isPair = code >= 0xd800 && code < 0xdc00 && i + 1 < text.length;
    if (isPair) {
      table[++i] = bytes;
      bytes += 4;
    } else bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  }
  table[text.length] = bytes;
  return table;
}
