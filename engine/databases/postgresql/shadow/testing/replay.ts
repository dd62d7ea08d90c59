import { resolve } from 'node:path';
import type { ReplayScript, ReplayStatement, ReplayStep, ShadowLimits } from '../../../observation';
import type { EmbeddedShadow } from '../embedded-shadow';
import { createShadow } from '../shadow';

/** A shadow from the built worker; the caller disposes of it. */
export function startTestShadow(limits: Partial<ShadowLimits> = {}): Promise<EmbeddedShadow> {
  const dist = resolve(import.meta.dirname, '../../../../../dist');
  return createShadow({ worker: `${dist}/shadow-worker.js`, assets: `${dist}/pglite`, limits });
}

const controls: Readonly<Record<string, ReplayStatement['control']>> = { BEGIN: 'begin', COMMIT: 'commit', ROLLBACK: 'rollback' };

function statements(sql: readonly string[]): ReplayStatement[] {
  return sql.map((text) => {
    const control = controls[text] ?? (/^(?:savepoint|release|rollback to)\b/i.test(text) ? 'savepoint' : undefined);
    return { text, control };
  });
}

/** A script that its runner wraps in a transaction. */
export function inTransaction(...sql: string[]): ReplayScript {
  return { transaction: 'script', sends: 'whole', statements: statements(sql) };
}

/** A script whose runner sends each statement alone. */
export function alone(...sql: string[]): ReplayScript {
  return { transaction: 'none', sends: 'statements', statements: statements(sql) };
}

/** A script that its runner sends as one message, without a transaction. */
export function inOneMessage(...sql: string[]): ReplayScript {
  return { transaction: 'none', sends: 'whole', statements: statements(sql) };
}

export function step(id: string, up: ReplayScript, down?: ReplayScript): ReplayStep {
  return { id, up, down };
}
