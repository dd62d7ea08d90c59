import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bare, pick } from '../group.mjs';
import { startLanguageServer } from '../language-server.mjs';
import { inTurns, timeCommand } from '../measure.mjs';
import { upScripts } from '../up-scripts.mjs';

const limit = 'the edited script, sent bare and rolled back';
const comment = 'keystroke in a comment to findings';
const change = 'keystroke in a statement to findings';

/** @type {import('../group.mjs').Group} */
const keystroke = {
  name: 'keystroke in the newest script',
  unit: 'ms',
  limit,
  rows: [comment, change],
  async measure({ keystrokes, history }) {
    const server = await startLanguageServer(history);
    const script = server.open(upScripts(history).at(-1) ?? '');
    await script.findings();
    await server.quiet();
    let text = script.text;
    const type = async (/** @type {string} */ added) => {
      const lines = text.split('\n');
      const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
      const cpu = server.cpuSeconds();
      const started = performance.now();
      script.change({ range: { start: position, end: position }, text: added });
      await script.findings();
      const sample = { wall: performance.now() - started, ...(cpu !== undefined && { cpu: (server.cpuSeconds() ?? cpu) - cpu }) };
      text += added;
      await sleep(100);
      return sample;
    };
    let run = 0;
    // A comment changes no statement; a new statement changes what has to be replayed.
    const round = {
      [comment]: () => type(`\n-- ${run}`),
      [change]: async () => {
        const sample = await type(`\nCOMMENT ON SCHEMA public IS '${run++}';`);
        text = script.text;
        script.change({ text });
        await script.findings();
        return sample;
      },
    };
    await inTurns(round, 1);
    const samples = await inTurns(round, keystrokes);
    await server.stop();
    return { [limit]: await bareScript(history, keystrokes), ...samples };
  },
};

const bareReplay = 'bare replay, a whole process';
const coldWindow = 'cold window to the first findings';
const warmWindow = 'cold window to the first findings, warm cache';

/** @type {import('../group.mjs').Group} */
const coldStart = {
  name: 'window with the newest script',
  unit: 's',
  limit: bareReplay,
  rows: [coldWindow, warmWindow],
  async measure({ runs, history, temporary }, wanted) {
    const cache = join(temporary, 'window-cache');
    if (wanted(warmWindow)) {
      const { server } = await openWindow(history, cache);
      await server.quiet();
      await server.stop();
    }
    const limitCommand = await bare(history);
    const opened = (/** @type {string | undefined} */ folder) => async () => {
      const { server, sample } = await openWindow(history, folder);
      await server.stop();
      return sample;
    };
    const things = { [bareReplay]: () => timeCommand(limitCommand), [coldWindow]: opened(undefined), [warmWindow]: opened(cache) };
    return inTurns(pick(things, wanted), runs);
  },
};

export const editor = [keystroke, coldStart];

/** @param {string} history @param {string | undefined} cache */
async function openWindow(history, cache) {
  const started = performance.now();
  const server = await startLanguageServer(history, cache);
  await server.open(upScripts(history).at(-1) ?? '').findings();
  return { server, sample: { wall: (performance.now() - started) / 1000, cpu: server.cpuSeconds() } };
}

/** @param {string} history @param {number} times @returns {Promise<import('../measure.mjs').Samples>} */
async function bareScript(history, times) {
  const { command, words } = await bare('--times', String(times + 1), history);
  const { stdout, stderr, status } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The bare replay ended with ${status}: ${stderr}`);
  return { wall: JSON.parse(stdout).milliseconds.slice(1), cpu: [] };
}
