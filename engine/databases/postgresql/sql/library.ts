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

async function load(): Promise<void> {
  // V8 takes 0.3 s and 50 MB (600 MB in Node 24) to optimise the few huge functions of the parser, which no project's scripts give
  // back. The first flag is read when a module or a function of it is compiled, the second one matters only where the first is off.
  setFlagsFromString('--no-wasm-dynamic-tiering');
  setFlagsFromString('--no-wasm-tier-up');
  const loaded = await import('libpg-query');
  await loaded.loadModule();
  library = loaded;
}
