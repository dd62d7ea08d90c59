import { createShadow } from '#engine/operations/checking';
import type { Shadow } from '#engine/databases/observation';
import type { Terminal } from './terminal';

/** Runs `work` with a shadow database and disposes of it afterwards. */
export async function withShadow<T>(terminal: Terminal, work: (shadow: Shadow) => Promise<T>): Promise<T> {
  const { distribution, cache } = terminal;
  const shadow = await createShadow({ worker: `${distribution}/shadow-worker.js`, assets: `${distribution}/pglite`, cache, once: true });
  try {
    return await work(shadow);
  } finally {
    await shadow.dispose();
  }
}
