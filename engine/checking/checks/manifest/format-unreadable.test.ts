import { expect, it } from 'vitest';
import { check } from './format-unreadable';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, reports, silentOn } = manifestCheck(check);

it('reports what a release in its window or the next release does not read', async () => {
  const findings = await reports(`releases:
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
`);
  expect(findings).toMatchObject([
    {
      message: '1.0.0 fails on data of 1.1.0: it does not read version 2 of wave',
      details: 'Both may run at the same time. 1.0.0 reads only version 1.',
      advice: 'Let 1.1.0 read version 2 and write the old version. Write version 2 one release later.',
      related: [{ message: '1.0.0 does not read it.' }],
    },
  ]);
});

it('reports what a release with a direct upgrade path wrote', async () => {
  const [finding] = await reports(`window: 0
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
`);
  expect(finding).toMatchObject({
    message: '1.2.0 fails on data of 1.0.0: it does not read version 1 of wave',
    details: 'Installations can upgrade from 1.0.0 directly. 1.2.0 reads only version 2.',
    advice: 'Keep version 1 in `reads`, or add a required stop at a release that rewrites the data.',
    related: [{ message: 'Version 1 is written here.' }],
  });
});

it('reports what the release right before it wrote', async () => {
  const releases = `releases:
  - { version: 1.0.0, formats: { wave: { writes: 1, reads: [1, 2, 3] } } }
  - { version: 1.1.0, formats: { wave: { writes: 2, reads: [2, 3] } } }
`;
  const [finding] = await findingsIn(releases);
  expect(finding).toMatchObject({
    message: '1.1.0 fails on data of 1.0.0: it does not read version 1 of wave',
    details: 'Both may run at the same time. 1.1.0 reads only versions 2 and 3.',
    advice: 'Keep version 1 in `reads`.',
  });
});

it('reports a release that does not read what it writes', async () => {
  const [finding] = await reports(`releases:
  - version: 1.0.0
    formats:
      wave:
        writes: 2
        reads: [1]
        #      ^^^ format-unreadable
`);
  expect(finding).toMatchObject({ message: '1.0.0 writes version 2 of wave, but does not read it', advice: 'Add 2 to `reads`.' });
});

it('accepts to read first and to write a release later, and formats that are added or removed', () =>
  silentOn(`releases:
  - { version: 1.0.0, formats: { wave: { writes: 1 } } }
  - { version: 1.1.0, formats: { wave: { writes: 1, reads: [1, 2] } } }
  - { version: 1.2.0, formats: { wave: { writes: 2, reads: [1, 2] }, field: { writes: 9 } } }
  - { version: 1.3.0, formats: { wave: { writes: 2, reads: [2] } } }
`));
