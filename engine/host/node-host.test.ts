import { expect, test } from 'vitest';
import { systemClock } from './node-host';

test('sleeps about as long as asked', async () => {
  const before = performance.now();
  await systemClock.sleep(30);
  expect(performance.now() - before).toBeGreaterThan(25);
});

test('rejects with the reason of the signal, before and while sleeping', async () => {
  await expect(systemClock.sleep(60_000, AbortSignal.abort('early'))).rejects.toBe('early');
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort('late');
  await expect(sleeping).rejects.toBe('late');
});
