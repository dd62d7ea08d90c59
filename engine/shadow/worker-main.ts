import { openEmbedded } from '../embedded/embedded';
void (async () => {
  const t = performance.now();
  const db = await openEmbedded({
    assets: process.argv[2] ?? '',
    extensions: ['pg_trgm'],
    configuration: ['shared_buffers=8MB', 'max_connections=5', 'max_locks_per_transaction=2000'],
    ...(process.argv[3] ? { dataDir: process.argv[3] } : {}),
  });
  console.log(
    performance.now() - t,
    await db.query('select version()'),
    await db.exec('create extension pg_trgm'),
    process.memoryUsage().rss / 1e6,
  );
})();
