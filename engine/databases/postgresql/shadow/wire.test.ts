import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BrokenInstance, Wire } from './wire';

const encoder = new TextEncoder();

function message(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 5);
  bytes[0] = type.charCodeAt(0);
  new DataView(bytes.buffer).setInt32(1, body.length + 4);
  bytes.set(body, 5);
  return bytes;
}

function row(...values: (string | null)[]): Uint8Array {
  const parts = values.map((value) => (value === null ? undefined : encoder.encode(value)));
  const body = new Uint8Array(2 + parts.reduce((sum, part) => sum + 4 + (part?.length ?? 0), 0));
  const view = new DataView(body.buffer);
  view.setInt16(0, values.length);
  let at = 2;
  for (const part of parts) {
    view.setInt32(at, part ? part.length : -1);
    if (part) body.set(part, at + 4);
    at += 4 + (part?.length ?? 0);
  }
  return message('D', body);
}

/** A database that answers with these bytes, cut at the given places. */
function answering(answer: readonly Uint8Array[], cuts: readonly number[]): Wire {
  const bytes = new Uint8Array(answer.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of answer) {
    bytes.set(part, at);
    at += part.length;
  }
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const database = {
    execProtocolRawStream: (_: Uint8Array, { onRawData }: { onRawData: (chunk: Uint8Array) => void }) => {
      places.slice(1).forEach((end, index) => onRawData(bytes.slice(places[index], end)));
      return Promise.resolve();
    },
  };
  return new Wire(database as unknown as PGlite);
}

const done = message('Z', encoder.encode('T'));

it('reads rows and the state, wherever the answer is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 20 })), { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
      fc.array(fc.nat(2_000), { maxLength: 12 }),
      fc.boolean(),
      async (rows, cuts, keep) => {
        const wire = answering(
          [message('T', encoder.encode('names')), ...rows.map((values) => row(...values)), message('C', encoder.encode('X\0')), done],
          cuts,
        );
        const result = await wire.query('SELECT', keep);
        expect(result.status).toBe('T');
        expect(result.rows).toEqual(keep ? rows : []);
      },
    ),
    { numRuns: 200 },
  );
});

it('reads the fields of an error', async () => {
  const fields = encoder.encode('SERROR\0C42703\0Mcolumn "é" does not exist\0HLook.\0P9\0\0');
  const result = await answering([message('E', fields), done], [7]).query('SELECT');
  expect(result.error).toEqual({ sqlstate: '42703', message: 'column "é" does not exist', hint: 'Look.', position: 9 });
});

it('takes an answer without an end for a ruined instance', async () => {
  await expect(answering([row('1')], []).query('SELECT')).rejects.toBeInstanceOf(BrokenInstance);
});
