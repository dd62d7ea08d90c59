import { parentFolder } from '../core/paths';
import { ProblemError, type Outcome, type Problem } from '../core/problem';
import { readJournal } from './journal/journal';
import type { JournalState } from './journal/journal-state';
import type { Manifest } from '../inputs/manifest/schema';
import { setSearchPath } from '../databases/postgresql/execution/session-settings';
import { createTarget, type AnyTarget } from './open-target';
import { DatabaseFailure, type TargetSession } from '../databases/postgresql/connections/target';
import type { EngineHost } from './engine-host';
import { readSources, type UpgradeSources } from '../inputs/sources';

export interface TargetRequest {
  /** Absolute path. */
  readonly manifestPath: string;
  /** Name of the target in the manifest. Default: the only one, else `local`. */
  readonly target?: string;
  readonly host: EngineHost;
  readonly signal?: AbortSignal;
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

/** As `withTarget`, for work that only looks: a target that does not exist yet is not made. */
export function lookAtTarget<T>(request: TargetRequest, work: (opened: OpenedTarget) => Promise<T>): Promise<T> {
  return withTarget(request, work, true);
}

/** Reads the manifest, opens the target, does the work and closes what was opened. Problems come back as values. */
export async function withTarget<T>(request: TargetRequest, work: (opened: OpenedTarget) => Promise<T>, peek = false): Promise<T> {
  const sources = valueOf(await readSources(request.host.files, request.manifestPath));
  const target = describedTarget(request, sources.manifest, extensionsOf(sources));
  let session: TargetSession = await target.open({ peek, ...(request.signal ? { signal: request.signal } : {}) });
  try {
    await setSearchPath(session, sources.directory?.runner.searchPath);
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

/** The target that a request names, not connected. @throws ProblemError `target-unknown` and those of `createTarget` */
export function describedTarget(request: TargetRequest, manifest: Manifest, extensions: readonly string[] = []): AnyTarget {
  const names = Object.keys(manifest.targets);
  const name = request.target ?? (names.length === 1 ? names[0] : 'local');
  const configuration = name === undefined ? undefined : manifest.targets[name];
  if (name === undefined || !configuration) throw new ProblemError(unknownTarget(request, name ?? 'local', names));
  const { host, manifestPath } = request;
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

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem);
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

function unknownTarget(request: TargetRequest, name: string, names: readonly string[]): Problem {
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  return {
    code: 'target-unknown',
    message:
      request.target === undefined && names.length > 1
        ? `The manifest has several targets: ${names.join(', ')}.`
        : `The manifest has no target ${name}; ${known}.`,
    remedy: names.length === 0 ? 'Add a target to the manifest.' : 'Choose one of them.',
    file: request.manifestPath,
  };
}
