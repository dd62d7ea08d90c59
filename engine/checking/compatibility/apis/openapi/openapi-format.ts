import { success } from '../../../../core/problem';
import type { ApiFormat } from '../api-format';
import { Changes } from './changes';
import { Description } from './description';
import { compareOperations } from './operations';
import { isOpenApi, readOpenApi } from './reading';
import { SchemaComparison } from './schema-comparison';
import { compareSecuritySchemes } from './security';
import { compareServers } from './servers';

/** OpenAPI 3.0 and 3.1, in YAML or JSON, in one file or in several. */
export const openApiFormat: ApiFormat = {
  kind: 'openapi',
  recognises: isOpenApi,
  read: readOpenApi,
  async compare(older, newer, options) {
    const [before, now] = [Description.of(older), Description.of(newer)];
    if (!before.ok) return before;
    if (!now.ok) return now;
    const changes = new Changes(options);
    const schemas = new SchemaComparison(changes);
    const roots = { older: before.value.root, newer: now.value.root, changes, schemas };
    compareServers(changes, roots.older, roots.newer);
    compareSecuritySchemes(changes, roots.older, roots.newer);
    compareOperations(roots);
    schemas.run();
    return success(changes.finished([...newer.sources.keys()]));
  },
};
