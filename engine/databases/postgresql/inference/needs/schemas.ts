import type { AlterSeqStmt } from '@pgsql/types';
import { constantText, fieldsOfEach, nameParts, relationName } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import { makeNamed, type Needs, ownerIn, type StatementHandlers, tableOf } from './needs';

/** Statements about schemas, and about what is in them beside tables, routines and types. */
export const schemaHandlers: StatementHandlers = {
  CreateSchemaStmt({ schemaname, authrole, schemaElts = [] }, { schema, follow }) {
    schema.made(`schema ${schemaname ?? authrole?.rolename ?? ''}`);
    for (const element of schemaElts) follow(element);
  },

  CreateExtensionStmt: ({ extname }, { schema }) => schema.made(`extension ${extname}`),
  AlterExtensionStmt: ({ extname = '' }, { schema }) => schema.requireExtension(extname),

  CreateSeqStmt({ sequence, options }, needs) {
    const name = relationName(sequence);
    if (!name) return;
    makeNamed(needs, 'sequence', name);
    needOwner(needs, options);
  },

  AlterSeqStmt({ sequence, options }, needs) {
    const name = relationName(sequence);
    if (!name) return;
    needs.schema.requireSequence(name);
    needOwner(needs, options);
  },

  CreatePublicationStmt({ pubname = '', pubobjects }, needs) {
    needs.schema.made(`publication ${pubname}`);
    needPublished(needs, pubobjects);
  },

  AlterPublicationStmt({ pubname = '', pubobjects }, needs) {
    needs.schema.requirePublication(pubname);
    needPublished(needs, pubobjects);
  },

  VariableSetStmt({ kind, name, args = [] }, { schema }) {
    if (kind !== 'VAR_SET_VALUE') return;
    const values = args.map((each) => constantText(each) ?? '');
    const [first] = values;
    if (first === undefined) return;
    if (name === 'role') schema.requireRole(first);
    if (name !== 'search_path') return;
    const own = values.find((each) => each !== '' && each !== '$user' && each !== 'pg_catalog');
    schema.defaultSchema = own ?? 'public';
    schema.otherSchemas = values.filter((each) => each !== own && each !== '$user' && each !== 'pg_catalog');
    for (const each of values) if (each !== '' && each !== '$user') schema.requireSchema(each);
  },
};

/** The column that OWNED BY names. */
function needOwner(needs: Needs, options: AlterSeqStmt['options']): void {
  for (const { defname, arg } of fieldsOfEach(options, 'DefElem')) {
    const parts = defname === 'owned_by' ? nameParts(arg) : [];
    const live = parts.length > 1 ? ownerIn(needs, parts) : undefined;
    if (live) needs.schema.column(live, parts.at(-1) ?? '');
  }
}

function needPublished(needs: Needs, objects: readonly SqlNode[] | undefined): void {
  for (const { pubtable } of fieldsOfEach(objects, 'PublicationObjSpec')) tableOf(needs, pubtable?.relation);
}
