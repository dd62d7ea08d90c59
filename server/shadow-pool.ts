import type { Logger } from '#engine/core/host';
import type { Problem } from '#engine/core/problem';
import type { Shadow } from '#engine/databases/observation';
import type { ShadowStatus } from '#protocol';

const failedStatus: ShadowStatus = {
  state: 'failed',
  message: 'The embedded PostgreSQL did not start; findings are based on the files alone.',
};

/** Each needs about 200 MB, so only the projects that were worked on last keep theirs. */
const largestNumber = 2;

export interface Turn {
  readonly project: string;
  /** Whether somebody waits for it. Asked again whenever another one leaves. */
  readonly isUrgent: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * One shadow per project, so that switching between projects throws no replayed history away. Projects take turns: what nobody waits
 * for runs alone and after everything that somebody waits for, so that a shadow in use is never taken away.
 */
export class ShadowPool {
  readonly #shadows = new Map<string, Promise<Shadow | undefined>>();
  readonly #working = new Map<string, number>();
  readonly #waiting = new Map<Turn, () => void>();

  constructor(
    private readonly start: () => Promise<Shadow>,
    private readonly logger: Logger,
    private readonly report: (status: ShadowStatus) => void,
  ) {}

  /** Works with the shadow of a project, or with none when there is none to be had. Rejects with the signal's reason while it waits. */
  async use<T>(turn: Turn, work: (shadow: Shadow | undefined) => Promise<T>): Promise<T> {
    const { project } = turn;
    await this.#enter(turn);
    try {
      return await work(await this.#shadowOf(project));
    } finally {
      const left = (this.#working.get(project) ?? 1) - 1;
      if (left > 0) this.#working.set(project, left);
      else this.#working.delete(project);
      this.look();
    }
  }

  /** Lets in whoever may come in now; to be called when something became urgent. */
  look(): void {
    for (const wake of [...this.#waiting.values()]) wake();
  }

  /** Tells that a shadow did not open when it was needed. */
  failed(problem: Problem): void {
    this.logger.error(`The embedded PostgreSQL did not start: ${problem.cause ?? problem.message}`);
    this.report(failedStatus);
  }

  async dispose(): Promise<void> {
    const all = [...this.#shadows.values()];
    this.#shadows.clear();
    for (const shadow of all) await (await shadow)?.dispose();
  }

  async #enter(turn: Turn): Promise<void> {
    while (!this.#mayEnter(turn)) {
      await new Promise<void>((resolve) => {
        this.#waiting.set(turn, resolve);
        turn.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      this.#waiting.delete(turn);
      turn.signal.throwIfAborted();
    }
    this.#working.set(turn.project, (this.#working.get(turn.project) ?? 0) + 1);
  }

  #mayEnter({ project, isUrgent }: Turn): boolean {
    if (this.#working.has(project)) return true;
    if (isUrgent()) return this.#working.size < largestNumber;
    return this.#working.size === 0 && ![...this.#waiting.keys()].some((other) => other.isUrgent());
  }

  async #shadowOf(project: string): Promise<Shadow | undefined> {
    const known = this.#shadows.get(project);
    const shadow = known ?? this.#start();
    this.#shadows.delete(project);
    this.#shadows.set(project, shadow);
    const oldest = [...this.#shadows.keys()].find((each) => !this.#working.has(each));
    if (this.#shadows.size > largestNumber && oldest !== undefined) {
      const evicted = this.#shadows.get(oldest);
      this.#shadows.delete(oldest);
      await (await evicted)?.dispose();
    }
    return shadow;
  }

  async #start(): Promise<Shadow | undefined> {
    this.report({ state: 'starting', message: 'Starting the embedded PostgreSQL.' });
    try {
      const shadow = await this.start();
      this.report({ state: 'ready', message: `Findings are verified against PostgreSQL ${shadow.serverVersion}.` });
      return shadow;
    } catch (error) {
      this.logger.error(`The embedded PostgreSQL did not start: ${String(error)}`);
      this.report(failedStatus);
      return undefined;
    }
  }
}
