import { expect, it } from 'vitest';
import { check } from './format-unreadable';
import { manifestText } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports what a release beside it, or the next one, does not read', async () => {
  const findings = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    formats: { wave: { writes: 1 } }
  - version: 1.1.0
    formats:
      wave:
        writes: 2
        #       ^ format-unreadable
        reads: [1, 2]
  - version: 1.2.0
    formats:
      wave:
        writes: 2
        reads: [2]
  - version: 1.3.0
    formats: { wave: { writes: 2, reads: [2] } }
`),
    },
    check,
  );
  expect(findings[0]?.message).toContain('While 1.0.0 still runs beside 1.1.0, it fails on version 2 of wave: it reads only 1.');
});

it('reports what a release that one may come from wrote', async () => {
  const [finding] = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`window: 0
releases:
  - { version: 1.0.0, formats: { wave: { writes: 1 } } }
  - { version: 1.1.0, formats: { wave: { writes: 2, reads: [1, 2] } } }
  - version: 1.2.0
    from: ^1.0.0
    formats:
      wave:
        writes: 2
        reads: [2]
        #      ^^^ format-unreadable
`),
    },
    check,
  );
  expect(finding?.message).toContain('1.0.0, from which one may come directly, writes version 1 of wave, and 1.2.0 reads only 2');
});

it('reports a release that does not read what it writes', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    formats:
      wave:
        writes: 2
        reads: [1]
        #      ^^^ format-unreadable
`),
    },
    check,
  );
});

it('accepts to read first and to write a release later, and formats that come or go', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - { version: 1.0.0, formats: { wave: { writes: 1 } } }
  - { version: 1.1.0, formats: { wave: { writes: 1, reads: [1, 2] } } }
  - { version: 1.2.0, formats: { wave: { writes: 2, reads: [1, 2] }, field: { writes: 9 } } }
  - { version: 1.3.0, formats: { wave: { writes: 2, reads: [2] } } }
`),
    },
    check,
  );
});
