import { expect, it } from 'vitest';
import { catalogue } from '../../databases/postgresql/catalogue/catalogue';
import type { TargetSession } from '../../databases/target';
import { StateManager } from './state-manager';

it('compares only with records of the same facts', async () => {
  const session = {
    serverVersion: '18.4',
    query: async () => [],
    execute: async () => 0,
    transaction: (work: () => unknown) => work(),
  } as unknown as TargetSession;
  const now = await catalogue.readSchema(session);
  const manager = new StateManager(catalogue);
  const objects = { 'relation public.t': '1' };
  const verdicts = [now, { ...now, objects }, { fingerprint: now.fingerprint.replace(/^[^:]+/, 'sha256'), objects }];
  expect(await Promise.all(verdicts.map((expected) => manager.verifyState(session, expected)))).toEqual([
    { result: 'same', message: 'The schema matches the recorded state.' },
    { result: 'different', message: 'relation t is missing.' },
    { result: 'not-compared', message: 'Not compared: another version of Mem8 Upgrade recorded this state.' },
  ]);
});
