import { expect, it } from 'vitest';
import type { MigrationState, TargetStatus } from '#engine/upgrade/plan';
import { commands } from '#protocol';
import { isOffered } from './offered-lenses';

const status = (states: Record<string, MigrationState['state']>): TargetStatus => ({
  system: 'shop',
  target: 'local',
  targetDescription: '',
  protected: false,
  serverVersion: '18.6',
  release: null,
  newest: '2.0.0',
  migrations: Object.entries(states).map(([id, state]) => ({ id, release: id.startsWith('1') ? '1.0.0' : '2.0.0', state })),
  backups: [],
});
const manifest = 'file:///upgrade.yaml';
const local = status({ '1_a': 'applied', '2_b': 'pending', '2_c': 'pending' });

it.each<[offered: boolean, command: string, of: { release?: string; migration?: string }, statuses: TargetStatus[]]>([
  [true, commands.rollBack, { release: '1.0.0' }, [local]],
  [false, commands.rollBack, { release: '2.0.0' }, [local]],
  [true, commands.rollBackMigration, { release: '1.0.0', migration: '1_a' }, [local]],
  [false, commands.rollBackMigration, { release: '2.0.0', migration: '2_b' }, [local]],
  [true, commands.rollBackMigration, { release: '2.0.0', migration: '2_b' }, [local, status({ '2_b': 'partial' })]],
  [true, commands.runMigration, { release: '2.0.0', migration: '2_b' }, [local]],
  [true, commands.rollBack, { release: '2.0.0' }, []],
  [true, commands.rollBack, { release: '3.0.0' }, [local]],
])('%s: %s of %j', (offered, command, of, statuses) => {
  expect(isOffered(command, { manifest, ...of }, statuses)).toBe(offered);
});
