import type { Services } from '../services';

/** Restarts the language server. A run goes on: it has a process of its own. */
export async function restartServer({ server, projects }: Services): Promise<void> {
  await server.restart();
  projects.refresh();
}
