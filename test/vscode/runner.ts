/** A small test runner for places where vitest cannot run: the extension host, and a process that drives a browser. */

interface Test {
  readonly name: string;
  readonly work: () => Promise<void>;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const tests: Test[] = [];

/** Declares a test. Tests run in the order in which they are declared. */
export function test(name: string, work: () => Promise<void>): void {
  tests.push({ name, work });
}

export interface RunOptions {
  /** Milliseconds that one test may take. */
  readonly timeoutMs: number;
  readonly print: (line: string) => void;
  /** Only tests whose name contains it. */
  readonly filter?: string;
}

/** Runs every declared test; never throws. */
export async function runTests({ timeoutMs, print, filter }: RunOptions): Promise<Counts> {
  const counts = { passed: 0, failed: 0 };
  for (const { name, work } of tests) {
    if (filter !== undefined && !name.includes(filter)) continue;
    const started = Date.now();
    try {
      await within(work(), timeoutMs);
      counts.passed++;
      print(`  ok      ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      counts.failed++;
      print(`  FAILED  ${name} (${Date.now() - started} ms)\n${indented(error)}`);
    }
  }
  return counts;
}

/** Asks again until the answer is given or the time is over. The last error tells what was missing. */
export async function eventually<T>(ask: () => T | undefined | Promise<T | undefined>, what: string, timeoutMs = 30_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  let reason = '';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}${reason}`);
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The test took longer than ${ms / 1000} s.`)), ms);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function indented(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text
    .split('\n')
    .map((line) => `          ${line}`)
    .join('\n');
}
