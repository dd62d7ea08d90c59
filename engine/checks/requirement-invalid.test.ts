import { expect, it } from 'vitest';
import { check } from './requirement-invalid';
import { manifestText } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports what is no range', async () => {
  const [finding] = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    requires:
      postgresql: ">=15"
      node: twenty
      #     ^^^^^^ requirement-invalid
    features:
      maps:
        stage: stable
        requires:
          redis: seven
          #      ^^^^^ requirement-invalid
    migrations:
      - id: a
        requires:
          redis: newest
          #      ^^^^^^ requirement-invalid
`),
    },
    check,
  );
  expect(finding?.message).toMatch(/^No node version satisfies 1\.0\.0: /);
});
