import { fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Check } from '../../check';
import { headOf } from '../support/evidence';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'unpinned-extension',
  hazards: ['P95'],
  severity: 'hint',
  optIn: true,
  summary: 'Creates an extension without a version, so servers may install different versions.',
  *statement({ statement }) {
    const create = fieldsOf(statement.node, 'CreateExtensionStmt');
    const name = create?.extname;
    const isPinned = fieldsOfEach(create?.options, 'DefElem').some(({ defname }) => defname === 'new_version');
    if (name === undefined || isPinned) return;
    const token = nameIn(statement, name);
    yield {
      range: token ? { start: token.start, end: token.end } : headOf(statement),
      message: `Servers may install different versions of ${name}: the script states no version`,
      details:
        'Each server installs the default version of its own packages. The view pg_available_extension_versions lists the versions of a server.',
      advice: `State the version that you test with: CREATE EXTENSION ${identifier(name)} VERSION '...';`,
    };
  },
};
