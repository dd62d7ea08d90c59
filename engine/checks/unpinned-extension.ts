import { asNodes, asText, fieldsOf } from '../sql/nodes';
import type { Check } from './check';
import { headOf } from './support/evidence';
import { nameIn } from './support/statement-tokens';

export const check: Check = {
  id: 'unpinned-extension',
  hazards: ['P95'],
  group: 'advice',
  severity: 'hint',
  optIn: true,
  summary: 'An extension is created without a version, so each server installs the one that it has.',
  *statement({ statement }) {
    const create = fieldsOf(statement.node, 'CreateExtensionStmt');
    const name = asText(create?.['extname']);
    const isPinned = asNodes(create?.['options']).some((option) => fieldsOf(option, 'DefElem')?.['defname'] === 'new_version');
    if (name === undefined || isPinned) return;
    const token = nameIn(statement, name);
    yield {
      range: token ? { start: token.start, end: token.end } : headOf(statement),
      message: `Servers end up with different versions of ${name}, and with different functions: each installs the version that its packages bring. Write CREATE EXTENSION ${name} VERSION '...' with the version that you test with; pg_available_extension_versions lists what a server has.`,
    };
  },
};
