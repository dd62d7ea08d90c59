import { expect, it } from 'vitest';
import type { Files } from '../core/host';
import { memoryFiles } from '../host/memory-files';
import { emptyJournal, type JournalState } from '../running/journal/journal-state';
import { readSources } from '../inputs/sources';
import type { AnnouncedRelease } from '../inputs/releases/feeds/release-feed';
import { testHost } from '../running/testing/project';
import { VersionManager, type OverviewOptions } from './version-manager';

const manifest = `manifest: 1
system: s
channels: [candidate, stable]
releases:
  - { version: 1.0.0, channels: [stable] }
  - { version: 1.1.0, channels: [candidate] }
  - { version: 1.2.0, channels: [stable], from: ^1.0.0 }
  - { version: 1.3.0, yanked: It loses rows }
`;

const manager = (files: Files) => new VersionManager({ manifestPath: '/p/upgrade.yaml', host: testHost(files) });

async function overview(current: string | null, options: OverviewOptions, announced?: readonly AnnouncedRelease[]) {
  const files = memoryFiles({ '/p/upgrade.yaml': manifest });
  const sources = await readSources(files, '/p/upgrade.yaml');
  if (!sources.ok) throw new Error(sources.problem.message);
  const reached = {
    release: current ?? '',
    ordinal: 1,
    run: 'r',
    reachedAt: '',
    fingerprint: '',
    rollback: 'down' as const,
    minReader: '1.0.0',
  };
  const journal: JournalState = { ...emptyJournal, releases: current === null ? [] : [reached] };
  const feed = announced && { address: 'feed', releases: () => Promise.resolve({ ok: true as const, value: announced }) };
  const found = await manager(files).overview({ sources: sources.value, journal }, { feed, ...options });
  return {
    ...found,
    updates: found.updates.map(({ release, path }) => `${release} over ${path.join(' ')}`),
    blocked: found.blocked.map(({ release, reasons }) => `${release}: ${reasons.join(' | ')}`),
  };
}

it('queues what can be taken and says of the rest why not', async () => {
  const { current, updates, blocked } = await overview('1.0.0', {});
  expect(current).toBe('1.0.0');
  expect(updates).toEqual(['1.1.0 over 1.1.0', '1.2.0 over 1.2.0']);
  expect(blocked).toEqual([expect.stringContaining('1.3.0 was yanked: It loses rows.')]);
});

it('keeps to a channel, and refuses one that there is not', async () => {
  const { updates, blocked } = await overview('1.0.0', { channel: 'stable', accept: ['1.3.0'] }, [
    { version: '2.0.0', channels: ['candidate'] },
    { version: '3.0.0', channels: ['stable'] },
  ]);
  expect(updates).toEqual(['1.2.0 over 1.2.0', '1.3.0 over 1.2.0 1.3.0']);
  expect(blocked).toEqual([
    expect.stringContaining('1.1.0 is not offered in the channel stable'),
    expect.stringMatching(/^3\.0\.0: .*update the project first/),
  ]);
  await expect(overview('1.0.0', { channel: 'stabel' })).rejects.toMatchObject({ problem: { code: 'usage' } });
});

it('adds what the feed knows: newer releases, and that one of the manifest was yanked since', async () => {
  const { updates, blocked, feed } = await overview('1.0.0', {}, [
    { version: '0.9.0' },
    { version: '2.1.0' },
    { version: '2.0.0', yanked: 'It leaks' },
    { version: '1.1.0', yanked: 'It is slow' },
  ]);
  expect(feed).toEqual({ address: 'feed', releases: 4 });
  expect(updates).toEqual(['1.2.0 over 1.2.0']);
  expect(blocked.map((each) => each.slice(0, 5))).toEqual(['1.1.0', '1.3.0', '2.0.0', '2.1.0']);
  expect(blocked[0]).toContain('1.1.0 was yanked: It is slow');
  expect(blocked[2]).toContain('2.0.0 was yanked: It leaks | 2.0.0 is announced, but this manifest does not list it');
});

it('tells of newer releases only where nothing is installed, and goes on without a feed that cannot be read', async () => {
  const { blocked } = await overview(null, {}, [{ version: '1.2.5' }, { version: '2.0.0' }]);
  expect(blocked.filter((each) => each.includes('announced'))).toEqual([expect.stringMatching(/^2\.0\.0/)]);
  const problem = { code: 'feed-unreachable' as const, message: 'm', remedy: 'r' };
  const broken = { address: 'feed', releases: () => Promise.resolve({ ok: false as const, problem }) };
  expect(await overview('1.0.0', { feed: broken })).toMatchObject({ updates: { length: 2 }, feed: { problem } });
});

it('says no to a release that removes a feature before its sunset', async () => {
  const text = `manifest: 1
system: s
releases:
  - { version: 1.0.0, features: { search: { stage: deprecated, sunset: 2027-03-31 } } }
  - { version: 2.0.0 }
`;
  const files = memoryFiles({ '/p/upgrade.yaml': text });
  const sources = await readSources(files, '/p/upgrade.yaml');
  if (!sources.ok) throw new Error(sources.problem.message);
  const releases = [
    { release: '1.0.0', ordinal: 1, run: 'r', reachedAt: '', fingerprint: '', rollback: 'down' as const, minReader: '1.0.0' },
  ];
  const opened = { sources: sources.value, journal: { ...emptyJournal, releases } };
  const early = await manager(files).overview(opened, { today: '2026-06-01' });
  expect(early.blocked[0]?.reasons[0]).toContain('1.0.0 promises it until 2027-03-31');
  expect((await manager(files).overview(opened, { today: '2027-03-31' })).updates).toHaveLength(1);
  expect((await manager(files).overview(opened)).updates).toHaveLength(1);
});
