import type { Logger } from '#engine/core/host';
import type { Shadow } from '#engine/shadow/observation';
import type { ShadowStatus } from '#protocol';

/** Each needs about 200 MB, so only the projects that were worked on last keep theirs. */
const largestNumber = 2;

/** One shadow per project, so that switching between projects throws no replayed history away. */
export class ShadowPool {
  readonly #shadows = new Map<string, Promise<Shadow | undefined>>();

  constructor(
    private readonly start: () => Promise<Shadow>,
    private readonly logger: Logger,
    private readonly report: (status: ShadowStatus) => void,
  ) {}

  async shadowOf(project: string): Promise<Shadow | undefined> {
    let shadow = this.#shadows.get(project);
    if (shadow) this.#shadows.delete(project);
    else shadow = this.#start();
    this.#shadows.set(project, shadow);
    const oldest = this.#shadows.keys().next().value;
    if (this.#shadows.size > largestNumber && oldest !== undefined) {
      const evicted = this.#shadows.get(oldest);
      this.#shadows.delete(oldest);
      await (await evicted)?.dispose();
    }
    return shadow;
  }

  async dispose(): Promise<void> {
    const all = [...this.#shadows.values()];
    this.#shadows.clear();
    for (const shadow of all) await (await shadow)?.dispose();
  }

  async #start(): Promise<Shadow | undefined> {
    this.report({ state: 'starting', message: 'Starting the embedded PostgreSQL.' });
    try {
      const shadow = await this.start();
      this.report({ state: 'ready', message: `Findings are verified against PostgreSQL ${shadow.serverVersion}.` });
      return shadow;
    } catch (error) {
      this.logger.error(`The embedded PostgreSQL did not start: ${String(error)}`);
      this.report({ state: 'failed', message: 'The embedded PostgreSQL did not start; findings rest on the files alone.' });
      return undefined;
    }
  }
}
