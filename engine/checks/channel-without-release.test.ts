import { expect, it } from 'vitest';
import { check } from './channel-without-release';
import { manifestText } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports a channel that nothing names', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': manifestText(`channels:
  - candidate
  - stable
  # ^^^^^^ channel-without-release
releases:
  - version: 1.0.0
    channels: [candidate]
`),
    },
    check,
  );
});

it('reports a channel whose newest release its own releases do not lead to', async () => {
  const text = (from: string) =>
    manifestText(`channels:
  - candidate
  - stable
  ${from === '' ? '# ^^^^^^ channel-without-release' : ''}
releases:
  - version: 1.0.0
  - version: 1.1.0
    channels: [candidate]
  - version: 1.2.0
${from}    channels: [stable]
`);
  const [finding] = await expectMarkers({ 'upgrade.yaml': text('') }, check);
  expect(finding?.message).toContain('runs 1.0.0 is stuck there: every way to 1.2.0');
  expect(finding?.related.map(({ message }) => message)).toHaveLength(2);
  await expectMarkers({ 'upgrade.yaml': text('    from: ^1.0.0\n') }, check);
});

it('reports a channel of yanked releases only, unless it is the most stable one', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': manifestText(`channels:
  - candidate
  # ^^^^^^^^^ channel-without-release
  - stable
  # ^^^^^^ channel-without-release
releases:
  - { version: 1.1.0, channels: [candidate], yanked: bad }
`),
    },
    check,
  );
  await expectMarkers({ 'upgrade.yaml': manifestText('channels: [stable]\nreleases: [{ version: 1.0.0, yanked: bad }]\n') }, check);
});
