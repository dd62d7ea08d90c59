import { join } from 'node:path';
import { bare, pick } from '../group.mjs';
import { startLanguageServer } from '../language-server.mjs';
import { peakMb } from '../measure.mjs';
import { upScripts } from '../up-scripts.mjs';
import { copyExample } from './target.mjs';

const limit = 'bare replay of the up scripts, largest resident';
const first = 'language server, after the first findings';
const edited = 'language server, after 1 edit';
const long = 'language server, after 5,000 edits';
const projects = 'language server, after 20 projects';

/** @type {import('../group.mjs').Group} */
export const memory = {
  name: 'memory of the editor',
  unit: 'MB',
  limit,
  rows: [first, edited, long, projects],
  async measure({ history, temporary, isLong }, wanted) {
    /** @type {Record<string, import('../measure.mjs').Samples>} */
    const figures = { [limit]: once(peakMb(await bare(history))) };
    if ([first, edited, long].some(wanted)) Object.assign(figures, await editing(history, isLong && wanted(long)));
    if (wanted(projects)) figures[projects] = once(await opening(join(temporary, 'projects')));
    return pick(figures, wanted);
  },
};

/** @param {string} history @param {boolean} isLong */
async function editing(history, isLong) {
  const server = await startLanguageServer(history);
  const script = server.open(upScripts(history).at(-1) ?? '');
  await script.findings();
  const figures = { [first]: once(server.residentMb()) };
  for (let edit = 1; edit <= (isLong ? 5000 : 1); edit++) {
    script.change({ text: `${script.text}\nCOMMENT ON SCHEMA public IS '${edit}';\n` });
    await script.findings();
    if (edit === 1) figures[edited] = once(server.residentMb());
  }
  if (isLong) figures[long] = once(server.residentMb());
  await server.stop();
  return figures;
}

/** Opens copies of the example one after the other. @param {string} folder */
async function opening(folder) {
  const copies = Array.from({ length: 20 }, (_, index) => join(folder, `project-${index + 1}`));
  for (const copy of copies) await copyExample(copy);
  const server = await startLanguageServer(folder);
  for (const copy of copies) {
    const script = server.open(upScripts(join(copy, 'migrations')).at(-1) ?? '');
    await script.findings();
    script.close();
  }
  const resident = server.residentMb();
  await server.stop();
  return resident;
}

/** @param {number} value @returns {import('../measure.mjs').Samples} */
function once(value) {
  return { wall: [value], cpu: [] };
}
