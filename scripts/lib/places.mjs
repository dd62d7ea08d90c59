// Where things are in the checkout.
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');
/** Downloads and bundled test code: ignored by git, safe to delete. */
export const cache = join(root, '.vscode-test');
export const example = join(root, 'examples', 'mem8');
/** A release that `npm start` adds to its copy of the example. */
export const inTheMaking = join(root, 'examples', 'in-the-making');
export const screenshots = join(root, 'test-results', 'screenshots');
/** The pictures that README.md shows. */
export const media = join(root, 'media', 'screenshots');
