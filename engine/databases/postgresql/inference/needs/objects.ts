import type { ObjectType } from '@pgsql/types';
import { nameFromList, nameParts, type QualifiedName, relationName } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import type { AssumedTable } from '../assumed-schema';
import type { LiveTable } from '../live-schema';
import { extensionTypes } from '../type-names';
import { nameConstraint } from './constraints';
import { needIndex } from './indexes';
import { type Needs, ownerIn, type StatementHandlers } from './needs';
import { needRoutine } from './routines';

/** Statements that say of objects of many kinds what they are called, and drop, move or describe them. */
export const objectHandlers: StatementHandlers = {
  DropStmt({ removeType, objects = [], missing_ok: isOptional }, needs) {
    for (const object of objects) needObject(needs, removeType, object, true, isOptional);
  },
  CommentStmt: ({ objtype, object }, needs) => described(needs, objtype, object),
  SecLabelStmt: ({ objtype, object }, needs) => described(needs, objtype, object),
  AlterOwnerStmt: ({ objectType, object, relation }, needs) =>
    needObject(needs, objectType, object ?? (relation && { RangeVar: relation })),

  AlterObjectSchemaStmt({ objectType, object, relation, newschema: to = 'public' }, needs) {
    const { schema } = needs;
    schema.requireSchema(to);
    const name = relationName(relation);
    needObject(needs, objectType, relation ? { RangeVar: relation } : object);
    if (name && schema.existing(name)) schema.renameTable(name, { schema: to, name: name.name });
  },

  RenameStmt({ relation, renameType: kind, relationType, object, newname: to = '', subname: part = '' }, needs) {
    const { schema } = needs;
    const name = relationName(relation);
    const moved = (from: QualifiedName): QualifiedName => ({ ...from, name: to });
    switch (kind) {
      case 'OBJECT_TABLE':
      case 'OBJECT_FOREIGN_TABLE':
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW':
        if (!name) return;
        schema.table(name, relationKind(kind));
        return schema.renameTable(name, moved(name));
      case 'OBJECT_COLUMN': {
        const live = name && schema.table(name, relationKind(relationType));
        const column = live && schema.column(live, part);
        if (!live) return;
        live.columns.delete(part);
        live.dropped.add(part);
        if (column) live.columns.set(to, column);
        return;
      }
      case 'OBJECT_TABCONSTRAINT': {
        const live = name && schema.table(name);
        if (!live) return;
        nameConstraint(needs, live, part, 'AT_DropConstraint');
        live.made.add(`constraint ${to}`);
        return;
      }
      case 'OBJECT_INDEX':
        needIndex(needs, name);
        if (name) schema.made(`index ${schema.keyOf(moved(name))}`);
        return;
      case 'OBJECT_SEQUENCE':
        if (!name) return;
        schema.requireSequence(name);
        return schema.made(`sequence ${schema.keyOf(moved(name))}`);
      case 'OBJECT_TRIGGER':
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE': {
        const live = name && schema.table(name);
        needAttached(live, kind, part);
        live?.made.add(`${word(kind)} ${to}`);
        return;
      }
      case 'OBJECT_ATTRIBUTE':
        if (name) schema.type(name, 'composite')?.parts.add(part);
        return;
      case 'OBJECT_SCHEMA':
        schema.requireSchema(part);
        return schema.made(`schema ${to}`);
      case 'OBJECT_ROLE':
        schema.requireRole(part);
        return schema.made(`role ${to}`);
      case 'OBJECT_DOMCONSTRAINT': {
        const domain = nameFromList(object);
        if (domain) schema.type(domain, 'domain')?.parts.add(part);
        return;
      }
      default: {
        needObject(needs, kind, object);
        const named = nameFromList(object);
        if (named) schema.made(`${word(kind)} ${schema.keyOf(moved(named))}`);
      }
    }
  },
};

function described(needs: Needs, kind: ObjectType | undefined, object: SqlNode | undefined): void {
  if (kind !== 'OBJECT_COLUMN' && kind !== 'OBJECT_TABCONSTRAINT') return needObject(needs, kind, object);
  const parts = nameParts(object);
  const live = ownerIn(needs, parts);
  const part = parts.at(-1);
  if (!live || part === undefined) return;
  if (kind === 'OBJECT_COLUMN') needs.schema.column(live, part);
  else nameConstraint(needs, live, part, 'AT_ValidateConstraint');
}

/** An object that a statement names, and drops. */
export function needObject(
  needs: Needs,
  kind: ObjectType | undefined,
  object: SqlNode | undefined,
  isDropped = false,
  isOptional = false,
): void {
  const { schema } = needs;
  const name = relationName(object) ?? nameFromList(object);
  if (!name) return;
  const isMade = (label: string) => isOptional && needs.createdSomewhere.has(label);
  const key = schema.keyOf(name);
  switch (kind) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      if (!schema.existing(name) && isMade(`table ${key}`)) return;
      schema.table(name, relationKind(kind));
      if (isDropped) schema.removeTable(name);
      return;
    case 'OBJECT_INDEX':
      if (isMade(`index ${key}`)) return;
      needIndex(needs, name);
      break;
    case 'OBJECT_SEQUENCE':
      if (!isMade(`sequence ${key}`)) schema.requireSequence(name);
      break;
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      if (isMade(`type ${key}`)) return;
      if (extensionTypes[name.name] === undefined) schema.type(name, kind === 'OBJECT_DOMAIN' ? 'domain' : 'enum');
      break;
    case 'OBJECT_SCHEMA':
      if (!isMade(`schema ${name.name}`)) schema.requireSchema(name.name);
      if (isDropped) schema.gone(`schema ${name.name}`);
      return;
    case 'OBJECT_EXTENSION':
      if (!isMade(`extension ${name.name}`)) schema.requireExtension(name.name);
      if (isDropped) schema.gone(`extension ${name.name}`);
      return;
    case 'OBJECT_PUBLICATION':
      if (!isMade(`publication ${name.name}`)) schema.requirePublication(name.name);
      if (isDropped) schema.gone(`publication ${name.name}`);
      return;
    case 'OBJECT_ROLE':
      return schema.requireRole(name.name);
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE':
      if (isMade(`function ${key}`)) return;
      needRoutine(needs, object, kind === 'OBJECT_PROCEDURE' ? 'procedure' : kind === 'OBJECT_AGGREGATE' ? 'aggregate' : 'function');
      break;
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE': {
      const parts = nameParts(object);
      const part = parts.at(-1) ?? '';
      const live = ownerIn(needs, parts);
      if (isMade(`${word(kind)} ${part}`)) return;
      needAttached(live, kind, part);
      if (isDropped) live?.made.delete(`${word(kind)} ${part}`);
      return;
    }
    default:
      return;
  }
  if (isDropped) schema.gone(`${word(kind)} ${key}`);
}

/** A trigger, policy or rule of a table that a statement names. */
export function needAttached(live: LiveTable | undefined, kind: 'OBJECT_TRIGGER' | 'OBJECT_POLICY' | 'OBJECT_RULE', name: string): void {
  if (!live?.assumed || live.made.has(`${word(kind)} ${name}`) || name === '') return;
  const { triggers, policies, rules } = live.assumed;
  const attached = { OBJECT_TRIGGER: triggers, OBJECT_POLICY: policies, OBJECT_RULE: rules };
  attached[kind].add(name);
}

function relationKind(kind: ObjectType | undefined): AssumedTable['kind'] {
  if (kind === 'OBJECT_VIEW') return 'view';
  return kind === 'OBJECT_MATVIEW' ? 'materialized view' : 'table';
}

/** `OBJECT_TYPE` as in labels: `type`. */
function word(kind: ObjectType | undefined): string {
  if (kind === 'OBJECT_DOMAIN') return 'type';
  if (kind === 'OBJECT_PROCEDURE' || kind === 'OBJECT_ROUTINE' || kind === 'OBJECT_AGGREGATE') return 'function';
  return kind?.replace('OBJECT_', '').toLowerCase() ?? '';
}
