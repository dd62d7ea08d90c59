import type { ReplayStep, Shadow } from '#engine/databases/observation';
import type { History } from './server/measure-history';

/** A shadow that notes what it is given to rehearse: the history exactly as it is replayed. */
export interface RecordingShadow extends Shadow {
  readonly histories: readonly History[];
}

export function recordingShadow(shadow: Shadow): RecordingShadow {
  const histories: History[] = [];
  return {
    serverVersion: shadow.serverVersion,
    histories,
    observe: (chain, options) => shadow.observe(chain, options),
    rehearse: (chain, options) => {
      histories.push(historyOf(chain, options?.only));
      return shadow.rehearse(chain, options);
    },
    dispose: () => shadow.dispose(),
  };
}

function historyOf(chain: readonly ReplayStep[], only: ReadonlySet<string> | undefined): History {
  const first = only ? chain.findIndex(({ id }) => only.has(id)) : 0;
  return { before: chain.slice(0, Math.max(0, first)), steps: chain.slice(Math.max(0, first)) };
}
