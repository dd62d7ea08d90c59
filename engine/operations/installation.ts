import type { ReportProgress } from '../core/host';
import { parentFolder } from '../core/paths';
import { ProblemError, valueOf, type Problem } from '../core/problem';
import { readJournal } from '../running/journal/journal-reading';
import type { JournalState } from '../running/journal/journal-state';
import type { Manifest } from '../inputs/manifest/schema';
import { createTarget, type AnyTarget } from '../running/open-target';
import { DatabaseFailure, type TargetSession } from '../databases/target';
import type { EngineHost } from '../running/engine-host';
import { readSources, type UpgradeSources } from '../inputs/sources';
import type { TargetFacts } from '../running/planning/upgrade-planner';

/** One system in one place: what every door is made with. */
export interface Installation {
  readonly host: EngineHost;
  /** Absolute path. */
  readonly manifestPath: string;
  /** Name of the target in the manifest. Default: the only one, else `local`. */
  readonly target?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

/** A target that an operation is at work with. */
export interface OpenedTarget {
  readonly sources: UpgradeSources;
  readonly target: AnyTarget;
  readonly session: TargetSession;
  readonly journal: JournalState;
  /** Replaces the session after a restore, so that the right one is closed. */
  use(session: TargetSession): void;
}

/** What a planner has to know of the target. */
export function factsOf({ target, session, journal }: OpenedTarget): TargetFacts {
  return {
    name: target.name,
    description: target.description,
    protected: target.protected,
    serverVersion: session.serverVersion,
    journal,
  };
}

/** As `withTarget`, for work that only looks: a target that does not exist yet is not made. */
export function lookAtTarget<T>(installation: Installation, work: (opened: OpenedTarget) => Promise<T>): Promise<T> {
  return withTarget(installation, work, true);
}

/** Reads the manifest, opens the target, does the work and closes what was opened. @throws ProblemError */
export async function withTarget<T>(installation: Installation, work: (opened: OpenedTarget) => Promise<T>, peek = false): Promise<T> {
  const sources = valueOf(await readSources(installation.host.files, installation.manifestPath));
  const target = describedTarget(installation, sources.manifest, extensionsOf(sources));
  let session: TargetSession = await target.open({ peek, signal: installation.signal });
  try {
    await sources.database.execution.setSearchPath(session, sources.directory?.runner.searchPath);
    const journal = await readJournal(session);
    requireSameSystem(journal, sources, target);
    return await work({
      sources,
      target,
      session,
      journal,
      use: (other) => {
        session = other;
      },
    });
  } catch (error) {
    if (!(error instanceof DatabaseFailure)) throw error;
    throw new ProblemError({
      code: 'step-failed',
      message: `${target.description} rejected an internal statement of Mem8 Upgrade: ${error.error.message} (${error.error.sqlstate}).`,
      remedy: "Check that the target's login can read the catalog and create the schema mem8_upgrade.",
    });
  } finally {
    await session.close();
  }
}

/** The target that an installation names, not connected. @throws ProblemError `target-unknown` and those of `createTarget` */
function describedTarget(installation: Installation, manifest: Manifest, extensions: readonly string[]): AnyTarget {
  const names = Object.keys(manifest.targets);
  const name = installation.target ?? (names.length === 1 ? names[0] : 'local');
  const configuration = name === undefined ? undefined : manifest.targets[name];
  if (name === undefined || !configuration) throw new ProblemError(unknownTarget(installation, name ?? 'local', names));
  const { host, manifestPath } = installation;
  return valueOf(
    createTarget(name, configuration, {
      manifestFolder: parentFolder(manifestPath),
      assets: host.assets,
      environment: host.environment,
      clock: host.clock,
      extensions,
    }),
  );
}

/** The extensions that the migrations create: an embedded database must know them before it is opened. */
function extensionsOf(sources: UpgradeSources): string[] {
  const created = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([a-z_][\w$]*))/gi;
  const texts = sources.migrations.flatMap(({ script }) => (script ? [script.up.sql, script.down?.sql ?? ''] : []));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(created)].map((match) => match[1] ?? match[2]?.toLowerCase() ?? '')))];
}

function requireSameSystem(journal: JournalState, sources: UpgradeSources, target: AnyTarget): void {
  if (journal.system === undefined || journal.system === sources.manifest.system) return;
  throw new ProblemError({
    code: 'target-not-managed',
    message: `${target.description} belongs to the system ${journal.system}, but the manifest describes ${sources.manifest.system}.`,
    remedy: 'Use the manifest of that system, or choose another target.',
    file: sources.manifestPath,
  });
}

function unknownTarget(installation: Installation, name: string, names: readonly string[]): Problem {
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  return {
    code: 'target-unknown',
    message:
      installation.target === undefined && names.length > 1
        ? `The manifest has several targets: ${names.join(', ')}.`
        : `The manifest has no target ${name}; ${known}.`,
    remedy: names.length === 0 ? 'Add a target to the manifest.' : 'Choose one of them.',
    file: installation.manifestPath,
  };
}
