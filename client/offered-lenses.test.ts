import { expect, it } from 'vitest';
import type { MigrationState, TargetStatus } from '#engine/running/plan';
import { commands } from '#protocol';
import { isOffered } from './offered-lenses';
import { interruptedRun, targetStatus } from './testing/target-status';

const status = (states: Record<string, MigrationState['state']>): TargetStatus =>
  targetStatus({
    release: null,
    migrations: Object.entries(states).map(([id, state]) => ({ id, release: id.startsWith('1') ? '1.0.0' : '2.0.0', state })),
  });
const manifest = 'file:///upgrade.yaml';
const local = status({ '1_a': 'applied', '2_b': 'pending', '2_c': 'pending' });

const at1: TargetStatus = { ...local, release: '1.0.0' };
const at2: TargetStatus = { ...status({ '1_a': 'applied', '2_b': 'applied', '2_c': 'applied' }), release: '2.0.0' };

it.each<[offered: boolean, command: string, of: { release?: string; migration?: string }, statuses: TargetStatus[]]>([
  [true, commands.rollBack, { release: '1.0.0' }, [local]],
  [false, commands.rollBack, { release: '2.0.0' }, [local]],
  [true, commands.rollBackMigration, { release: '1.0.0', migration: '1_a' }, [local]],
  [false, commands.rollBackMigration, { release: '2.0.0', migration: '2_b' }, [local]],
  [true, commands.rollBackMigration, { release: '2.0.0', migration: '2_b' }, [local, status({ '2_b': 'partial' })]],
  [true, commands.runMigration, { release: '2.0.0', migration: '2_b' }, [local]],
  [true, commands.rollBack, { release: '2.0.0' }, []],
  [true, commands.rollBack, { release: '3.0.0' }, [local]],
  [false, commands.runMigration, { release: '1.0.0', migration: '1_a' }, [local]],
  [true, commands.runMigration, { release: '1.0.0', migration: '1_a' }, [local, status({ '1_a': 'pending' })]],
  [true, commands.runMigration, { release: '1.0.0', migration: '1_a' }, [status({ '1_a': 'partial' })]],
  [true, commands.runMigration, { release: '1.0.0', migration: '1_a' }, []],
  [false, commands.runUpgrade, { release: '1.0.0' }, [at1]],
  [true, commands.runUpgrade, { release: '2.0.0' }, [at1]],
  [false, commands.runUpgrade, { release: '1.0.0' }, [at2]],
  [false, commands.runUpgrade, { release: '2.0.0' }, [at2]],
  [true, commands.runUpgrade, { release: '2.0.0' }, [at2, at1]],
  [true, commands.runUpgrade, { release: '1.0.0' }, [{ ...at2, interrupted: interruptedRun }]],
  [true, commands.runUpgrade, { release: '2.0.0' }, [{ ...at2, migrations: status({ '2_b': 'pending' }).migrations }]],
  [true, commands.runUpgrade, { release: '1.0.0' }, [status({ '1_a': 'pending' })]],
  [true, commands.runUpgrade, { release: '9.0.0' }, [at2]],
  [true, commands.planUpgrade, { release: '1.0.0' }, [at2]],
])('%s: %s of %j', (offered, command, of, statuses) => {
  expect(isOffered(command, { manifest, ...of }, statuses, ['1.0.0', '2.0.0'])).toBe(offered);
});
