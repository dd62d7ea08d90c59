import { silentLogger } from '../../core/host';
import { nodeFiles } from '../../host/node-files';
import { systemClock } from '../../host/node-host';
import { RollbackManager } from '../../operations/rollback-manager';
import { UpgradeManager } from '../../operations/upgrade-manager';

/** What a test tells the process that it lets die. */
export interface CrashOrder {
  readonly manifestPath: string;
  readonly assets: string;
  readonly environment: Record<string, string>;
  readonly operation: 'apply' | 'rollback';
  readonly backup: boolean;
  /** The process kills itself at this fault point, counted from 1. */
  readonly killAt: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as CrashOrder;
let passed = 0;
const installation = {
  manifestPath: order.manifestPath,
  host: {
    files: nodeFiles(),
    clock: systemClock,
    logger: silentLogger,
    environment: order.environment,
    assets: order.assets,
    nodeVersion: process.versions.node,
    holder: 'the process that is killed',
    async faultPoint() {
      passed++;
      if (passed < order.killAt) return;
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    },
  },
};

const manager = order.operation === 'apply' ? new UpgradeManager(installation) : new RollbackManager(installation);
void manager.perform({ backup: order.backup }).then((outcome) => {
  process.stdout.write(JSON.stringify(outcome));
});
