import type * as Library from 'libpg-query';
import { setFlagsFromString } from 'node:v8';

let library: typeof Library | undefined;
let loading: Promise<void> | undefined;

/** Loads PostgreSQL's parser. To be awaited once before anything is parsed; further calls cost nothing. */
export function loadSqlParser(): Promise<void> {
  return (loading ??= load());
}

/** @throws Error when `loadSqlParser` has not been awaited. */
export function sqlParser(): typeof Library {
  if (!library) throw new Error('loadSqlParser has to be awaited first.');
  return library;
}

/**
 * V8 would optimise the parser's few huge functions, which takes 0.4 s and, from Node.js 24 on, 600 MB: no project's scripts give
 * that back. Only what is compiled while these are off is never optimised, so all of the parser is compiled at once.
 */
const whatOptimises = ['wasm-dynamic-tiering', 'wasm-tier-up', 'wasm-lazy-compilation', 'wasm-async-compilation'];

async function load(): Promise<void> {
  for (const flag of whatOptimises) setFlagsFromString(`--no-${flag}`);
  try {
    const loaded = await import('libpg-query');
    await loaded.loadModule();
    library = loaded;
  } finally {
    for (const flag of whatOptimises) setFlagsFromString(`--${flag}`);
  }
}
