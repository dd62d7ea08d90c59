import { writeFileSync } from 'node:fs';
import { runTests } from '../runner';

const testMs = 120_000;

/** What VS Code calls inside the extension host. The results go to the file that MEM8_TEST_RESULTS names. */
export async function runInHost(): Promise<void> {
  const lines: string[] = [];
  const counts = await runTests({ timeoutMs: testMs, print: (line) => lines.push(line) });
  const results = process.env['MEM8_TEST_RESULTS'];
  if (results) writeFileSync(results, JSON.stringify({ ...counts, lines }));
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed:\n${lines.join('\n')}`);
}
