import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Files, silentLogger } from '../../core/host';
import { nodeFiles } from '../../host/node-files';
import { systemClock } from '../../host/node-host';
import { enginePath } from '../../core/paths';
import { stateFingerprint } from '../../databases/postgresql/catalogue/fingerprint';
import { parseManifest } from '../../inputs/manifest/parse';
import { createTarget } from '../../databases/postgresql/connections/create-target';
import type { Row, TargetSession } from '../../databases/target';
import type { Installation } from '../../operations/installation';
import { RollbackManager } from '../../operations/rollback-manager';
import { StateRecovery } from '../../operations/state-recovery';
import { UpgradeManager } from '../../operations/upgrade-manager';
import type { EngineHost } from '../engine-host';
import { assets } from './crash';

/** A manifest with its migrations in a folder of its own, the doors to it, and a look into its target. */
export interface TestProject extends Installation {
  readonly folder: string;
  readonly upgrades: UpgradeManager;
  readonly rollbacks: RollbackManager;
  readonly recovery: StateRecovery;
  write(path: string, content: string): Promise<void>;
  /** Rows of a query in the target. */
  query(sql: string): Promise<Row[]>;
  /** Everything that the target holds, without the journal. */
  fingerprint(): Promise<string>;
  inTarget<T>(work: (session: TargetSession) => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

interface ProjectContent {
  readonly manifest: string;
  /** Script by file name in `migrations`. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function makeProject(content: ProjectContent): Promise<TestProject> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'mem8-project-'));
  const project = projectAt(folder, content.environment);
  await project.write('upgrade.yaml', content.manifest);
  for (const [name, sql] of Object.entries(content.scripts)) await project.write(`migrations/${name}`, sql);
  return project;
}

export function testHost(files: Files, environment: Readonly<Record<string, string>> = {}): EngineHost {
  return { files, clock: systemClock, logger: silentLogger, environment, assets, nodeVersion: '20.11.0', holder: 'the test' };
}

/** A project that is in a folder already. */
export function projectAt(folder: string, environment: Readonly<Record<string, string>> = {}): TestProject {
  const manifestPath = enginePath(join(folder, 'upgrade.yaml'));
  const host = testHost(nodeFiles(), environment);
  const inTarget = async <T>(work: (session: TargetSession) => Promise<T>): Promise<T> => {
    const { manifest } = parseManifest(manifestPath, await host.files.readText(manifestPath));
    const [name, configuration] = Object.entries(manifest?.targets ?? {})[0] ?? [];
    if (name === undefined || !configuration) throw new Error('the project has no target');
    const target = createTarget(name, configuration, { manifestFolder: folder, assets, environment, clock: systemClock });
    if (!target.ok) throw new Error(target.problem.message);
    const session = await target.value.open();
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };
  return {
    folder,
    manifestPath,
    host,
    upgrades: new UpgradeManager({ manifestPath, host }),
    rollbacks: new RollbackManager({ manifestPath, host }),
    recovery: new StateRecovery({ manifestPath, host }),
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    },
    query: (sql) => inTarget((session) => session.query(sql)),
    fingerprint: () => inTarget(async (session) => (await stateFingerprint(session)).combined),
    inTarget,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
