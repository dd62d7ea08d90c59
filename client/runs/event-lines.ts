import type { RunEvent } from '#engine/running/plan';

/**
 * Reads the standard output of the command line: newline-delimited run events, or one JSON document that may span lines.
 * Chunks may end anywhere, also inside a line.
 */
export class EventLines {
  #rest = '';
  #other: string[] = [];
  #result: Extract<RunEvent, { event: 'result' }> | undefined;

  constructor(private readonly onEvent: (event: RunEvent) => void) {}

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  /** Reads what is left and returns the final result, or undefined when the process never gave one. */
  end(): { readonly ok: boolean; readonly result: unknown; readonly status?: unknown } | undefined {
    if (this.#rest !== '') this.#read(this.#rest);
    this.#rest = '';
    if (this.#result) return { ok: this.#result.ok, result: this.#result.result, status: this.#result.status };
    const value = parse(this.#other.join('\n'));
    return typeof value === 'object' && value !== null ? { ok: !('problem' in value), result: value } : undefined;
  }

  #read(line: string): void {
    const event = asEvent(parse(line));
    if (!event) {
      this.#other.push(line);
      return;
    }
    if (event.event === 'result') this.#result = event;
    this.onEvent(event);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asEvent(value: unknown): RunEvent | undefined {
  if (typeof value !== 'object' || value === null || !('event' in value)) return undefined;
  const event = value as Record<string, unknown>;
  const known =
    (event.event === 'progress' && typeof event.step === 'number' && typeof event.steps === 'number' && typeof event.title === 'string') ||
    (event.event === 'log' && typeof event.message === 'string') ||
    (event.event === 'result' && typeof event.ok === 'boolean');
  return known ? (value as RunEvent) : undefined;
}
