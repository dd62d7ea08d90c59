// npm run registry: writes the registry of checks anew from the folders of engine/checking/checks.
import { join, relative } from 'node:path';
import { writeRegistry } from './lib/check-registry.mjs';
import { root } from './lib/places.mjs';

for (const path of await writeRegistry(join(root, 'engine/checking/checks'))) console.log(`wrote ${relative(root, path)}`);
