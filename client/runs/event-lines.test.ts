import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '#engine/running/plan';
import { EventLines } from './event-lines';

function read(chunks: readonly string[]): { events: RunEvent[]; end: ReturnType<EventLines['end']> } {
  const events: RunEvent[] = [];
  const lines = new EventLines((event) => events.push(event));
  for (const chunk of chunks) lines.push(chunk);
  return { events, end: lines.end() };
}

describe('EventLines', () => {
  const stream: RunEvent[] = [
    { event: 'progress', step: 1, steps: 2, title: 'Apply 0001_größe' },
    { event: 'log', level: 'warn', message: 'a line\nof two' },
    { event: 'result', ok: true, result: { run: 'r1' } },
  ];
  const text = stream.map((event) => `${JSON.stringify(event)}\n`).join('');

  it('reads the same events however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(read(chunks).events).toEqual(stream);
      }),
    );
  });

  it('takes the result of the result event', () => {
    expect(read([text]).end).toEqual({ ok: true, result: { run: 'r1' } });
  });

  it('takes the status of the target from the result event', () => {
    const event = { event: 'result', ok: true, result: { run: 'r1' }, status: { release: '1.0.0' } };
    expect(read([JSON.stringify(event)]).end).toEqual({ ok: true, result: { run: 'r1' }, status: { release: '1.0.0' } });
  });

  it('reads a result whose last line has no line end', () => {
    expect(read([text.trimEnd()]).end).toEqual({ ok: true, result: { run: 'r1' } });
  });

  it('reads one JSON document over several lines', () => {
    expect(read([JSON.stringify({ id: 'sha256:1', steps: [] }, null, 2)]).end).toEqual({ ok: true, result: { id: 'sha256:1', steps: [] } });
  });

  it('takes a document with a problem for a failure', () => {
    expect(read([JSON.stringify({ problem: { code: 'usage' } })]).end?.ok).toBe(false);
  });

  it('gives no result when the process gave none', () => {
    expect(read(['Segmentation fault\n']).end).toBeUndefined();
  });

  it('reads the events between lines that are none', () => {
    expect(read(['warning: old locale\n', text]).events).toHaveLength(3);
  });

  it('ignores events it does not know', () => {
    expect(read(['{"event":"heartbeat"}\n{"event":"progress","step":"1"}\n']).events).toEqual([]);
  });
});
