import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText, firstInvalidByte } from './decode-text';

const path = '/m/a.sql';
const bytes = (...values: number[]) => Uint8Array.from(values);
const utf8 = (text: string) => new TextEncoder().encode(text);

function problemOf(content: Uint8Array) {
  const decoded = decodeText(content, path);
  if (decoded.ok) throw new Error('decoded');
  return decoded.problem;
}

test('keeps every text that was encoded as UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (raw) => {
      const text = raw.replaceAll('\0', '').replace(/^\uFEFF/, '');
      expect(decodeText(utf8(text), path)).toEqual({ ok: true, value: text });
    }),
  );
});

test('removes a UTF-8 byte-order mark and keeps CRLF', () => {
  expect(decodeText(utf8('\uFEFFSELECT 1;\r\n'), path)).toEqual({ ok: true, value: 'SELECT 1;\r\n' });
});

test('decodes UTF-16 in both byte orders', () => {
  const text = 'é😀;';
  const units = [...Array(text.length).keys()].map((i) => text.charCodeAt(i));
  const little = bytes(0xff, 0xfe, ...units.flatMap((unit) => [unit & 255, unit >> 8]));
  const big = bytes(0xfe, 0xff, ...units.flatMap((unit) => [unit >> 8, unit & 255]));
  expect(decodeText(little, path)).toEqual({ ok: true, value: text });
  expect(decodeText(big, path)).toEqual({ ok: true, value: text });
});

test('refuses content with NUL bytes as not text', () => {
  expect(problemOf(bytes(0x7f, 0x45, 0, 0xff))).toMatchObject({ code: 'file-not-text', file: path });
});

test('names line and byte offset of the first byte that is not UTF-8', () => {
  const before = utf8('SELECT 1;\nSELECT "ü');
  const problem = problemOf(Uint8Array.from([...before, 0xe9, 0x22]));
  expect(problem).toMatchObject({ code: 'file-not-utf8', file: path, line: 2 });
  expect(problem.message).toContain(`byte offset ${before.length} is 0xe9`);
  expect(problem.remedy).toContain('UTF-8');
});

test('finds an invalid byte exactly where the platform decoder refuses the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (content) => {
      const at = firstInvalidByte(content);
      const decodes = (part: Uint8Array) => {
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(part);
          return true;
        } catch {
          return false;
        }
      };
      expect(decodes(content.slice(0, at))).toBe(true);
      expect(at === content.length).toBe(decodes(content));
    }),
    { numRuns: 2000 },
  );
});
