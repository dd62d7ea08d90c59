import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EmbeddedShadow } from '#engine/databases/postgresql/shadow/embedded-shadow';
import { createShadow } from '#engine/databases/postgresql/shadow/shadow';
import { fileURLToPath } from 'node:url';
import { unexplained, unneeded, type Place } from './compare';
import { measureEmbedded } from './measure-embedded';
import { type Facts, statements } from './statements';

let shadow: EmbeddedShadow;
let place: Place;
let measured: Map<string, Facts>;
beforeAll(async () => {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));
  shadow = await createShadow({ worker: `${dist}/shadow-worker.js`, assets: `${dist}/pglite` });
  place = { major: Number.parseInt(shadow.serverVersion, 10), where: 'embedded' };
  measured = await measureEmbedded(shadow, statements);
});
afterAll(() => shadow.dispose());

it('observes in the embedded engine what PostgreSQL does, but for explained differences', () => {
  expect(unexplained(statements, measured, place)).toEqual([]);
});

it('explains no difference that there is not', () => {
  expect(unneeded(statements, measured, place)).toEqual([]);
});
