import type { Outcome } from '../core/problem';
import { failure, success } from '../core/problem';

/**
 * Decodes the bytes of a text file: UTF-8, with or without byte-order mark, or UTF-16 with one. The mark is removed,
 * everything else is kept, line ends too.
 * Problems: `file-not-text` when a byte is NUL, `file-not-utf8` at the first sequence that is not UTF-8.
 */
export function decodeText(bytes: Uint8Array, path: string): Outcome<string> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return success(new TextDecoder('utf-16le').decode(bytes));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return success(new TextDecoder('utf-16le').decode(swapPairs(bytes)));
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    return failure({
      code: 'file-not-text',
      message: `${path} is not a text file: byte ${nul} is NUL. UTF-8 text was expected.`,
      remedy: 'Choose a text file, or save this file as UTF-8.',
      file: path,
    });
  }
  try {
    return success(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return failure(notUtf8(bytes, path));
  }
}

/** True for bytes that begin with the mark of UTF-8 or UTF-16. */
export function startsWithMark(bytes: Uint8Array): boolean {
  const [first, second, third] = bytes;
  return (
    (first === 0xef && second === 0xbb && third === 0xbf) || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  );
}

function notUtf8(bytes: Uint8Array, path: string) {
  const offset = firstInvalidByte(bytes);
  const line = 1 + countNewlines(bytes, offset);
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, '0');
  return {
    code: 'file-not-utf8',
    message: `${path} is not valid UTF-8: line ${line}, byte offset ${offset} is 0x${byte}.`,
    remedy: 'Save the file as UTF-8. Its current encoding may be Latin-1 or Windows-1252.',
    file: path,
    line,
  } as const;
}

/** Offset of the first byte that begins no well-formed UTF-8 sequence (Unicode standard, table 3-7). */
export function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return bytes.length;
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    const low = i === 1 ? lowestSecondByte(lead) : 0x80;
    const high = i === 1 ? highestSecondByte(lead) : 0xbf;
    if (byte === undefined || byte < low || byte > high) return 0;
  }
  return length;
}

function lowestSecondByte(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

function highestSecondByte(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}

function countNewlines(bytes: Uint8Array, end: number): number {
  let count = 0;
  for (let i = 0; i < end; i++) if (bytes[i] === 10) count++;
  return count;
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  const swapped = bytes.slice();
  for (let i = 0; i + 1 < swapped.length; i += 2) {
    const first = swapped[i] ?? 0;
    swapped[i] = swapped[i + 1] ?? 0;
    swapped[i + 1] = first;
  }
  return swapped;
}
