import { EventEmitter, type Disposable } from 'vscode';
import type { Problem } from '#engine/core/problem';
import type { TargetStatus } from '#engine/running/plan';
import type { CliOutcome } from './runs/outcome';

/** What is known of a target: its last read state, or why it could not be read. */
export interface TargetState {
  readonly status?: TargetStatus;
  readonly problem?: Problem;
  readonly reading: boolean;
}

/** Reads the state of a target in a process of its own; `manifest` is an absolute path. */
export type ReadStatus = (manifest: string, target: string) => Promise<CliOutcome<TargetStatus>>;

/** The states of targets, kept until they are read again. Nothing is read without being asked for. */
export class TargetStates implements Disposable {
  readonly #states = new Map<string, TargetState>();
  readonly #reading = new Map<string, Promise<TargetState>>();
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(private readonly read: ReadStatus) {}

  get(manifest: string, target: string): TargetState | undefined {
    return this.#states.get(key(manifest, target));
  }

  /** Reads the state again; a second call while one is under way shares its result. */
  refresh(manifest: string, target: string): Promise<TargetState> {
    const id = key(manifest, target);
    const running = this.#reading.get(id);
    if (running) return running;
    const reading: Promise<TargetState> = this.#refresh(id, manifest, target, () => this.#reading.get(id) === reading).finally(() => {
      if (this.#reading.get(id) === reading) this.#reading.delete(id);
    });
    this.#reading.set(id, reading);
    return reading;
  }

  /** Takes over a state that a run has read. One that is being read meanwhile may be older and is dropped. */
  take(manifest: string, target: string, status: TargetStatus): void {
    this.#reading.delete(key(manifest, target));
    this.#set(key(manifest, target), { status, reading: false });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #refresh(id: string, manifest: string, target: string, isCurrent: () => boolean): Promise<TargetState> {
    this.#set(id, { ...this.#states.get(id), reading: true });
    const outcome = await this.read(manifest, target);
    const state: TargetState = outcome.ok ? { status: outcome.value, reading: false } : { problem: outcome.problem, reading: false };
    if (!isCurrent()) return this.#states.get(id) ?? state;
    this.#set(id, state);
    return state;
  }

  #set(id: string, state: TargetState): void {
    this.#states.set(id, state);
    this.#changed.fire();
  }
}

function key(manifest: string, target: string): string {
  return `${manifest}\n${target}`;
}

/** How many migrations of a target are not fully applied. */
export function pendingCount(status: TargetStatus): number {
  return status.migrations.filter((migration) => migration.state === 'pending' || migration.state === 'partial').length;
}
