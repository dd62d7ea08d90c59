import { expect, it } from 'vitest';
import { check } from './release-unreachable';
import { manifestCheck } from '../testing/manifest-check';

const { reports } = manifestCheck(check);

it('reports a release whose from matches only later releases or releases before a required stop', async () => {
  const findings = await reports(`releases:
  - version: 1.0.0
  - version: 1.1.0
    from: ^2.0.0
    #     ^^^^^^ release-unreachable
  - version: 2.0.0
  - version: 2.1.0
    from: ^1.0.0
    #     ^^^^^^ release-unreachable
  - version: 2.2.0
    from: ">=1.0.0"
stops: [2.0.0]
`);
  expect(findings.map(({ message, advice }) => [message, advice])).toEqual([
    ['No upgrade leads to 1.1.0: the releases in `from` are listed after it', 'Include an earlier release in `from`.'],
    [
      'No upgrade leads to 2.1.0: the releases in `from` lie before required stop 2.0.0',
      'Include 2.0.0 or a later release in `from`, or remove the required stop.',
    ],
  ]);
  expect(findings[1]?.related).toHaveLength(1);
});
