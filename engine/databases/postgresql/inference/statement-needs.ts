import {
  alterTableCommands,
  type AlterTableCommand,
  asFields,
  asNode,
  asNodes,
  asText,
  fields,
  fieldsOf,
  type Fields,
  nameFromList,
  nameParts,
  nodeType,
  type QualifiedName,
  relationName,
  walk,
} from '../sql/untyped-nodes';
import type { SqlNode } from '../sql/statement';
import { type AssumedColumn, type AssumedTable, type AssumedType, weights } from './assumed-schema';
import type { LiveSchema, LiveTable } from './live-schema';
import type { PendingNames } from './pending-names';
import { QueryNeeds } from './query-needs';
import { extensionTypes, operatorClasses, typeBefore, typeNameOf } from './type-names';

/** Follows a history statement by statement: what each needs, then what it makes. Never throws, whatever the statements. */
export class StatementNeeds {
  readonly queries: QueryNeeds;
  /** Labels that the scripts add to assumed enums. */
  readonly addedLabels = new Map<string, AssumedType>();

  constructor(
    readonly schema: LiveSchema,
    readonly pending: PendingNames,
    /** Labels of everything that some statement of the history makes. */
    readonly createdSomewhere: ReadonlySet<string>,
  ) {
    this.queries = new QueryNeeds(schema);
  }

  follow(node: SqlNode): void {
    const inner = fields(node);
    this.#roles(inner);
    if (!ownsItsTypes.has(nodeType(node))) this.#types(node);
    this.#statement(node, inner);
  }

  #statement(node: SqlNode, inner: Fields): void {
    const { schema, queries } = this;
    switch (nodeType(node)) {
      case 'SelectStmt':
      case 'InsertStmt':
      case 'UpdateStmt':
      case 'DeleteStmt':
      case 'MergeStmt':
        queries.query(node);
        return;
      case 'ExplainStmt':
      case 'PrepareStmt':
      case 'DeclareCursorStmt':
        queries.query(asNode(inner['query']));
        return;
      case 'ViewStmt':
        return this.#makeQueried(inner['view'], asNode(inner['query']));
      case 'CreateTableAsStmt':
        return this.#makeQueried(asFields(inner['into'])?.['rel'], asNode(inner['query']));
      case 'CreateStmt':
        return this.#createTable(inner);
      case 'AlterTableStmt':
        return this.#alterTable(node, inner);
      case 'IndexStmt':
        return this.#createIndex(inner);
      case 'RenameStmt':
        return this.#rename(inner);
      case 'DropStmt':
        return this.#drop(inner);
      case 'TruncateStmt':
      case 'LockStmt':
        for (const relation of asNodes(inner['relations'])) this.#table(relation);
        return;
      case 'CopyStmt':
        return this.#copy(inner);
      case 'VacuumStmt':
        for (const each of asNodes(inner['rels'])) {
          const table = this.#table(fields(each)['relation']);
          for (const name of nameParts(fields(each)['va_cols'])) if (table) schema.column(table, name);
        }
        return;
      case 'ClusterStmt':
        return this.#useIndex(this.#table(inner['relation']), asText(inner['indexname']), false);
      case 'ReindexStmt':
        if (inner['kind'] === 'REINDEX_OBJECT_TABLE') this.#table(inner['relation']);
        else if (inner['kind'] === 'REINDEX_OBJECT_INDEX') this.#index(relationName(inner['relation']));
        else if (inner['kind'] === 'REINDEX_OBJECT_SCHEMA') schema.requireSchema(asText(inner['name']) ?? 'public');
        return;
      case 'RefreshMatViewStmt':
        return this.#refresh(inner);
      case 'CommentStmt':
      case 'SecLabelStmt':
        return this.#described(inner);
      case 'GrantStmt':
        return this.#grant(inner);
      case 'GrantRoleStmt':
        for (const role of asNodes(inner['granted_roles'])) {
          const name = asText(fields(role)['priv_name']);
          if (name !== undefined) schema.requireRole(name);
        }
        return;
      case 'CreatePolicyStmt':
      case 'AlterPolicyStmt':
        return this.#policy(nodeType(node), inner);
      case 'CreateTrigStmt':
        return this.#createTrigger(inner);
      case 'RuleStmt':
        return this.#createRule(inner);
      case 'CreateStatsStmt':
        return this.#createStatistics(inner);
      case 'CreateFunctionStmt':
        return this.#makeNamed('function', nameFromList(inner['funcname']));
      case 'CallStmt':
        return this.#call(inner);
      case 'AlterFunctionStmt':
        return this.#routine(asNode(inner['func']) ?? wrapped('ObjectWithArgs', inner['func']), 'function');
      case 'AlterOwnerStmt':
        return this.#object(asText(inner['objectType']) ?? '', inner['object'] ?? inner['relation'], false);
      case 'AlterObjectSchemaStmt':
        return this.#setSchema(inner);
      case 'AlterEnumStmt':
        return this.#alterEnum(inner);
      case 'AlterDomainStmt':
        return this.#alterDomain(inner);
      case 'CreateSeqStmt':
      case 'AlterSeqStmt':
        return this.#sequence(nodeType(node), inner);
      case 'CreatePublicationStmt':
      case 'AlterPublicationStmt':
        return this.#publication(nodeType(node), inner);
      case 'CreateSchemaStmt':
        return this.#createSchema(inner);
      case 'CreateExtensionStmt':
        schema.made(`extension ${asText(inner['extname'])}`);
        return;
      case 'AlterExtensionStmt':
        schema.requireExtension(asText(inner['extname']) ?? '');
        return;
      case 'CreateEnumStmt':
      case 'CreateRangeStmt':
        return this.#makeNamed('type', nameFromList(inner['typeName']));
      case 'CompositeTypeStmt':
        return this.#makeNamed('type', relationName(inner['typevar']));
      case 'CreateDomainStmt':
        return this.#makeNamed('type', nameFromList(inner['domainname']));
      case 'DefineStmt':
        return this.#makeNamed(inner['kind'] === 'OBJECT_TYPE' ? 'type' : 'function', nameFromList(inner['defnames']));
      case 'CreateRoleStmt':
        schema.made(`role ${asText(inner['role'])}`);
        return;
      case 'VariableSetStmt':
        return this.#setVariable(inner);
      default:
        return;
    }
  }

  #table(rangeVar: unknown, kind?: AssumedTable['kind']): LiveTable | undefined {
    const name = relationName(rangeVar);
    return name && this.schema.table(name, kind);
  }

  /** The roles that are named anywhere, except the one that DROP OWNED and the like do not need. */
  #roles(value: unknown): void {
    const pending: unknown[] = [value];
    while (pending.length > 0) {
      const each = pending.pop();
      if (Array.isArray(each)) pending.push(...(each as unknown[]));
      const record = asFields(each);
      if (!record) continue;
      const name = asText(record['rolename']);
      if (record['roletype'] === 'ROLESPEC_CSTRING' && name !== undefined) this.schema.requireRole(name);
      pending.push(...Object.values(record).filter((child) => typeof child === 'object'));
    }
  }

  #types(node: SqlNode): void {
    walk(node, (type, inner) => {
      if (type === 'TypeName') this.#type(inner);
    });
  }

  #type(value: unknown): void {
    const type = typeNameOf(value);
    if (type) return this.#typeNamed(type.isBuiltIn, type.schema, type.name);
    const name = nameFromList(asFields(value)?.['names']);
    const relation = name && asFields(value)?.['setof'] === true && !typeNameOf({ ...asFields(value), setof: false })?.isBuiltIn;
    if (relation) this.schema.table(name);
  }

  #typeNamed(isBuiltIn: boolean, schema: string | undefined, name: string): void {
    if (isBuiltIn || schema === 'pg_catalog') return;
    const extension = extensionTypes[name];
    if (extension !== undefined && this.schema.needs(`type ${this.schema.keyOf({ name })}`)) this.schema.requireExtension(extension);
    else this.schema.type(schema === undefined ? { name } : { schema, name });
  }

  #makeQueried(rangeVar: unknown, query: SqlNode | undefined): void {
    this.queries.query(query);
    const name = relationName(rangeVar);
    if (name) this.schema.makeTable(name);
  }

  #makeNamed(kind: string, name: QualifiedName | undefined): void {
    if (!name) return;
    if (name.schema !== undefined) this.schema.requireSchema(name.schema);
    this.schema.made(`${kind} ${this.schema.keyOf(name)}`);
  }

  #createTable(inner: Fields): void {
    const { schema } = this;
    const name = relationName(inner['relation']);
    if (!name || (inner['if_not_exists'] === true && schema.existing(name))) return;
    const parents = asNodes(inner['inhRelations']).map((parent) => this.#table(parent));
    const live = schema.makeTable(name);
    for (const parent of parents) if (parent) schema.derive(live, parent);
    if (inner['partbound']) this.#partitioned(parents[0], asFields(inner['partbound']));
    for (const element of asNodes(inner['tableElts'])) {
      const like = fieldsOf(element, 'TableLikeClause');
      const source = like && this.#table(like['relation']);
      if (source) schema.derive(live, source);
      const column = fieldsOf(element, 'ColumnDef');
      if (column) this.#addColumn(live, column);
    }
    for (const element of asNodes(inner['tableElts'])) {
      const constraint = fieldsOf(element, 'Constraint');
      if (constraint) this.#addConstraint(live, constraint);
    }
  }

  /** A column that the history makes. */
  #addColumn(live: LiveTable, definition: Fields): void {
    const name = asText(definition['colname']);
    if (name === undefined) return;
    const type = typeNameOf(definition['typeName']);
    const column: AssumedColumn = {
      name,
      type: type ? this.schema.typeText(type) : 'text',
      weight: weights.stated,
      notNull: false,
      extra: '',
    };
    if (!live.columns.has(name)) live.columns.set(name, column);
    live.dropped.delete(name);
    for (const each of asNodes(definition['constraints'])) {
      const constraint = fieldsOf(each, 'Constraint');
      if (constraint) this.#addConstraint(live, constraint, name);
    }
  }

  #addConstraint(live: LiveTable, constraint: Fields, own?: string): void {
    const { schema, queries } = this;
    const scope = queries.scopeOf(live, '');
    const name = asText(constraint['conname']);
    if (name !== undefined) live.made.add(`constraint ${name}`);
    const raw = asNode(constraint['raw_expr']);
    switch (constraint['contype']) {
      case 'CONSTR_CHECK':
        queries.condition(raw, scope);
        return;
      case 'CONSTR_DEFAULT':
      case 'CONSTR_GENERATED': {
        const column = own === undefined ? undefined : live.columns.get(own);
        queries.relate({ column }, queries.value(raw, scope));
        return;
      }
      case 'CONSTR_NOTNULL':
      case 'CONSTR_PRIMARY':
      case 'CONSTR_UNIQUE': {
        for (const key of nameParts(constraint['keys'])) schema.column(live, key);
        for (const key of nameParts(constraint['including'])) schema.column(live, key);
        const index = asText(constraint['indexname']);
        if (index !== undefined) this.#useIndex(live, index, true);
        return;
      }
      case 'CONSTR_EXCLUSION':
        for (const pair of asNodes(constraint['exclusions'])) {
          const [element, operator] = asNodes(fieldsOf(pair, 'List')?.['items']);
          const isEqual = nameParts(operator).at(-1) === '=';
          if (isEqual) schema.requireExtension('btree_gist');
          if (element) this.#indexElement(live, element, isEqual ? undefined : asText(constraint['access_method']));
        }
        queries.condition(asNode(constraint['where_clause']), scope);
        return;
      case 'CONSTR_FOREIGN':
        return this.#foreignKey(live, constraint, own);
      default:
        return;
    }
  }

  #foreignKey(live: LiveTable, constraint: Fields, own: string | undefined): void {
    const { schema } = this;
    const target = this.#table(constraint['pktable']);
    const columns = own === undefined ? nameParts(constraint['fk_attrs']) : [own];
    const stated = nameParts(constraint['pk_attrs']);
    const key = stated.length > 0 ? stated : (target?.assumed?.primaryKey ?? (columns.length === 1 ? ['id'] : columns));
    const left = columns.map((name) => schema.column(live, name));
    if (!target) return;
    const right = key.map((name) => schema.column(target, name));
    left.forEach((column, index) => {
      const partner = right[index];
      if (column && partner) schema.assumed.links.push({ left: column, right: partner });
    });
    const { assumed } = target;
    if (!assumed) return;
    const original = key.map((name, index) => right[index]?.name ?? name);
    if (stated.length > 0 && assumed.primaryKey && assumed.primaryKey.join() !== original.join()) assumed.uniques.push(original);
    else assumed.primaryKey ??= original;
  }

  #alterTable(node: SqlNode, inner: Fields): void {
    const { schema } = this;
    const name = relationName(inner['relation']);
    if (!name) return;
    switch (inner['objtype']) {
      case 'OBJECT_INDEX':
        this.#index(name);
        for (const { def } of alterTableCommands(node)) this.#index(relationName(fieldsOf(def, 'PartitionCmd')?.['name']));
        return;
      case 'OBJECT_SEQUENCE':
        return schema.requireSequence(name);
      case 'OBJECT_TYPE': {
        const type = schema.type(name, 'composite');
        for (const { subtype, name: part } of alterTableCommands(node)) {
          if (type && part !== undefined && subtype !== 'AT_AddColumn') type.parts.add(part);
        }
        return;
      }
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW': {
        const live = schema.table(name, inner['objtype'] === 'OBJECT_VIEW' ? 'view' : 'materialized view');
        if (live) for (const command of alterTableCommands(node)) this.#alter(live, command);
        return;
      }
      default: {
        const live = schema.table(name);
        if (!live) return;
        const commands = alterTableCommands(node);
        for (const command of inPasses(commands)) this.#alter(live, command);
      }
    }
  }

  #alter(live: LiveTable, command: AlterTableCommand): void {
    const { schema, queries } = this;
    const { subtype, name, def } = command;
    const column = () => (name === undefined ? undefined : schema.column(live, name));
    const constraint = fieldsOf(def, 'Constraint');
    switch (subtype) {
      case 'AT_AddColumn': {
        const definition = fieldsOf(def, 'ColumnDef');
        const added = asText(definition?.['colname']);
        if (live.assumed && added !== undefined && !live.assumed.columns.has(added)) live.assumed.added.add(added);
        if (definition) this.#addColumn(live, definition);
        return;
      }
      case 'AT_DropColumn':
        column();
        if (name !== undefined) {
          live.columns.delete(name);
          live.dropped.add(name);
        }
        return;
      case 'AT_AlterColumnType':
        return this.#alterType(live, column(), fieldsOf(def, 'ColumnDef'));
      case 'AT_ColumnDefault':
      case 'AT_CookedColumnDefault':
        queries.relate({ column: column() }, queries.value(def, queries.scopeOf(live, '')));
        return;
      case 'AT_SetNotNull': {
        const target = column();
        if (target && live.assumed) this.pending.setNotNull(live.assumed, target.name);
        return;
      }
      case 'AT_DropNotNull': {
        const target = column();
        if (target) target.notNull = true;
        return;
      }
      case 'AT_AddIdentity': {
        const target = column();
        if (target) queries.hint(target, 'bigint', weights.literal);
        if (target) target.notNull = true;
        return;
      }
      case 'AT_SetIdentity':
      case 'AT_DropIdentity':
      case 'AT_DropExpression':
      case 'AT_SetExpression': {
        const target = column();
        if (!target) return;
        target.extra = subtype.endsWith('Identity') ? 'identity' : 'generated';
        if (target.extra === 'identity') queries.hint(target, 'bigint', weights.literal);
        return;
      }
      case 'AT_AddConstraint':
        if (constraint) this.#addConstraint(live, constraint);
        return;
      case 'AT_DropConstraint':
      case 'AT_ValidateConstraint':
      case 'AT_AlterConstraint': {
        const named = name ?? asText(constraint?.['conname'] ?? fieldsOf(def, 'ATAlterConstraint')?.['conname']);
        return this.#constraint(live, named, subtype);
      }
      case 'AT_AttachPartition':
      case 'AT_DetachPartition':
      case 'AT_DetachPartitionFinalize':
        return this.#partition(live, subtype, fieldsOf(def, 'PartitionCmd'));
      case 'AT_AddInherit':
      case 'AT_DropInherit':
        return this.#inherit(live, this.#table(def), subtype === 'AT_AddInherit');
      case 'AT_ClusterOn':
        return this.#useIndex(live, name, false);
      case 'AT_ReplicaIdentity': {
        const identity = fieldsOf(def, 'ReplicaIdentityStmt');
        return this.#useIndex(live, asText(identity?.['name']), true, true);
      }
      case 'AT_EnableTrig':
      case 'AT_DisableTrig':
      case 'AT_EnableAlwaysTrig':
      case 'AT_EnableReplicaTrig':
        if (name !== undefined && !live.made.has(`trigger ${name}`)) live.assumed?.triggers.add(name);
        return;
      case 'AT_EnableRule':
      case 'AT_DisableRule':
      case 'AT_EnableAlwaysRule':
      case 'AT_EnableReplicaRule':
        if (name !== undefined && !live.made.has(`rule ${name}`)) live.assumed?.rules.add(name);
        return;
      default:
        column();
    }
  }

  #alterType(live: LiveTable, column: AssumedColumn | undefined, definition: Fields | undefined): void {
    if (!column || !definition) return;
    const using = asNode(definition['raw_default']);
    const type = typeNameOf(definition['typeName']);
    if (type && column.weight < weights.stated) {
      const before =
        type.isBuiltIn || extensionTypes[type.name]
          ? typeBefore(type.text, using !== undefined)
          : using
            ? 'text'
            : this.schema.typeText(type);
      const isWhole = /^(?:big|small)?int/.test(type.name) || type.name === 'integer';
      this.queries.hint(
        column,
        zoned(using) ? (type.name === 'timestamp' ? 'timestamptz' : 'timestamp') : before,
        isWhole && !using ? weights.stated : weights.partner,
      );
      column.weight = Math.max(column.weight, weights.partner);
    }
    this.queries.value(using, this.queries.scopeOf(live, ''));
    if (type) live.columns.set(column.name, column);
  }

  #constraint(live: LiveTable, name: string | undefined, subtype: string): void {
    if (name === undefined) return;
    if (live.made.has(`constraint ${name}`)) {
      if (subtype === 'AT_DropConstraint') live.made.delete(`constraint ${name}`);
      return;
    }
    if (subtype === 'AT_DropConstraint' && live.made.has(`gone constraint ${name}`)) return;
    if (live.assumed)
      this.pending.constraint(live.assumed, name, {
        notValid: subtype === 'AT_ValidateConstraint',
        isForeign: subtype === 'AT_AlterConstraint',
      });
    if (subtype === 'AT_DropConstraint') live.made.add(`gone constraint ${name}`);
  }

  #partitioned(parent: LiveTable | undefined, bound: Fields | undefined): void {
    const assumed = parent?.assumed;
    if (!parent || !assumed || !bound) return;
    const inner = asFields(bound['PartitionBoundSpec']) ?? bound;
    const datums = asNodes(inner['lowerdatums']).concat(asNodes(inner['listdatums']));
    const values = datums.map((datum) => this.queries.value(datum, this.queries.scopeOf(undefined, '')));
    const uppers = asNodes(inner['upperdatums']).map((datum) => this.queries.value(datum, this.queries.scopeOf(undefined, '')));
    const strategy =
      inner['is_default'] === true ? undefined : inner['strategy'] === 'h' ? 'HASH' : inner['strategy'] === 'l' ? 'LIST' : 'RANGE';
    const types = (strategy === 'LIST' ? values.slice(0, 1) : values).map((value, index) => value.type ?? uppers[index]?.type);
    this.pending.partitioning(parent, assumed, strategy, types);
  }

  #partition(parent: LiveTable, subtype: string, command: Fields | undefined): void {
    const child = this.#table(command?.['name']);
    if (!child) return;
    if (subtype === 'AT_AttachPartition') {
      this.#partitioned(parent, asFields(command?.['bound']));
      this.pending.sameColumns(parent, child);
      this.schema.derive(child, parent);
      return;
    }
    if (parent.assumed && child.assumed) this.pending.partition(parent, child);
    this.schema.derive(child, parent);
  }

  #inherit(child: LiveTable, parent: LiveTable | undefined, isAdded: boolean): void {
    if (!parent) return;
    this.pending.sameColumns(parent, child, true);
    if (!isAdded && child.assumed && parent.assumed) child.assumed.inherits.push(parent.assumed);
  }

  #createIndex(inner: Fields): void {
    const live = this.#table(inner['relation']);
    const name = asText(inner['idxname']);
    const relation = relationName(inner['relation']);
    if (name !== undefined) {
      const schema = relation?.schema;
      this.schema.made(`index ${this.schema.keyOf(schema === undefined ? { name } : { schema, name })}`);
    }
    if (!live) return;
    const method = asText(inner['accessMethod']);
    for (const element of asNodes(inner['indexParams'])) this.#indexElement(live, element, method);
    for (const element of asNodes(inner['indexIncludingParams'])) this.#indexElement(live, element, undefined);
    this.queries.condition(asNode(inner['whereClause']), this.queries.scopeOf(live, relation?.name ?? ''));
  }

  #indexElement(live: LiveTable, element: SqlNode, method: string | undefined): void {
    const { queries, schema } = this;
    const inner = fieldsOf(element, 'IndexElem');
    if (!inner) return;
    const name = asText(inner['name']);
    const column = name === undefined ? queries.value(asNode(inner['expr']), queries.scopeOf(live, '')).column : schema.column(live, name);
    const classes = operatorClasses[nameFromList(inner['opclass'])?.name ?? ''];
    if (classes?.extension !== undefined) schema.requireExtension(classes.extension);
    if (!column) return;
    if (classes) queries.hint(column, classes.type, weights.literal);
    else if (method === 'gin') queries.hint(column, ginType(column), weights.literal);
    else if (method === 'gist')
      queries.hint(column, /(?:range|period|during|valid)/.test(column.name) ? 'tstzrange' : 'point', weights.context);
  }

  /** An index that a statement names without saying on which table. */
  #index(name: QualifiedName | undefined): void {
    if (name && this.schema.needs(`index ${this.schema.keyOf(name)}`)) this.pending.index(name, this.schema);
  }

  #useIndex(live: LiveTable | undefined, name: string | undefined, unique: boolean, notNull = false): void {
    if (!live?.assumed || name === undefined) return;
    const { schema } = live.assumed;
    if (this.schema.needs(`index ${schema}.${name}`)) this.pending.tableIndex(live.assumed, name, unique, notNull);
  }

  #refresh(inner: Fields): void {
    const live = this.#table(inner['relation'], 'materialized view');
    if (!live?.assumed || inner['concurrent'] !== true) return;
    this.schema.column(live, live.columns.keys().next().value ?? 'id');
    if (live.assumed.indexes.size === 0) live.assumed.uniques.push([[...live.assumed.columns.keys()][0] ?? 'id']);
  }

  #copy(inner: Fields): void {
    this.queries.query(asNode(inner['query']));
    const live = this.#table(inner['relation']);
    for (const name of nameParts(inner['attlist'])) if (live) this.schema.column(live, name);
  }

  #rename(inner: Fields): void {
    const { schema } = this;
    const name = relationName(inner['relation']);
    const kind = asText(inner['renameType']) ?? '';
    const to = asText(inner['newname']) ?? '';
    const part = asText(inner['subname']) ?? '';
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
        const live = name && schema.table(name, relationKind(asText(inner['relationType']) ?? ''));
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
        this.#constraint(live, part, 'AT_DropConstraint');
        live.made.add(`constraint ${to}`);
        return;
      }
      case 'OBJECT_INDEX':
        this.#index(name);
        if (name) schema.made(`index ${schema.keyOf(moved(name))}`);
        return;
      case 'OBJECT_SEQUENCE':
        if (name) schema.requireSequence(name);
        if (name) schema.made(`sequence ${schema.keyOf(moved(name))}`);
        return;
      case 'OBJECT_TRIGGER':
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE': {
        const live = name && schema.table(name);
        this.#attached(live, kind, part);
        live?.made.add(`${word(kind)} ${to}`);
        return;
      }
      case 'OBJECT_ATTRIBUTE': {
        const type = name && schema.type(name, 'composite');
        type?.parts.add(part);
        return;
      }
      case 'OBJECT_SCHEMA':
        schema.requireSchema(part);
        return schema.made(`schema ${to}`);
      case 'OBJECT_ROLE':
        schema.requireRole(part);
        return schema.made(`role ${to}`);
      case 'OBJECT_DOMCONSTRAINT': {
        const domain = nameFromList(inner['object']);
        if (domain) schema.type(domain, 'domain')?.parts.add(part);
        return;
      }
      default: {
        this.#object(kind, inner['object'], false);
        const object = nameFromList(inner['object']);
        if (object) schema.made(`${word(kind)} ${schema.keyOf(moved(object))}`);
      }
    }
  }

  #drop(inner: Fields): void {
    const kind = asText(inner['removeType']) ?? '';
    for (const object of asNodes(inner['objects'])) this.#object(kind, object, true, inner['missing_ok'] === true);
  }

  #described(inner: Fields): void {
    const kind = asText(inner['objtype']) ?? '';
    if (kind !== 'OBJECT_COLUMN' && kind !== 'OBJECT_TABCONSTRAINT') return this.#object(kind, inner['object'], false);
    const parts = nameParts(inner['object']);
    const live = this.#ownerIn(parts);
    const part = parts.at(-1);
    if (!live || part === undefined) return;
    if (kind === 'OBJECT_COLUMN') this.schema.column(live, part);
    else this.#constraint(live, part, 'AT_ValidateConstraint');
  }

  /** The relation in `schema.relation.part`. */
  #ownerIn(parts: readonly string[]): LiveTable | undefined {
    const name = parts.at(-2);
    const schema = parts.at(-3);
    if (name === undefined) return undefined;
    return this.schema.table(schema === undefined ? { name } : { schema, name });
  }

  /** An object that a statement names, and drops. */
  #object(kind: string, object: unknown, isDropped: boolean, isOptional = false): void {
    const { schema } = this;
    const name = relationName(object) ?? nameFromList(object) ?? nameFromList([object]);
    if (!name) return;
    const isMade = (label: string) => isOptional && this.createdSomewhere.has(label);
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
        this.#index(name);
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
        this.#routine(asNode(object), kind === 'OBJECT_PROCEDURE' ? 'procedure' : kind === 'OBJECT_AGGREGATE' ? 'aggregate' : 'function');
        break;
      case 'OBJECT_TRIGGER':
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE': {
        const parts = nameParts(object);
        const part = parts.at(-1) ?? '';
        const live = this.#ownerIn(parts);
        if (isMade(`${word(kind)} ${part}`)) return;
        this.#attached(live, kind, part);
        if (isDropped) live?.made.delete(`${word(kind)} ${part}`);
        return;
      }
      default:
        return;
    }
    if (isDropped) schema.gone(`${word(kind)} ${key}`);
  }

  #attached(live: LiveTable | undefined, kind: string, name: string): void {
    if (!live?.assumed || live.made.has(`${word(kind)} ${name}`) || name === '') return;
    const set = { trigger: live.assumed.triggers, policy: live.assumed.policies, rule: live.assumed.rules }[word(kind)];
    set?.add(name);
  }

  #routine(object: SqlNode | undefined, kind: 'function' | 'procedure' | 'aggregate'): void {
    const inner = fieldsOf(object, 'ObjectWithArgs');
    const name = nameFromList(inner?.['objname']);
    if (!name) return;
    const parameters = asNodes(inner?.['objargs']).map((each) => typeNameOf(each)?.text ?? 'text');
    this.schema.requireFunction(name, kind, parameters, kind === 'function' ? 'text' : '');
  }

  #call(inner: Fields): void {
    const call = asFields(inner['funccall']);
    const own = asFields(call?.['FuncCall']) ?? call;
    const name = nameFromList(own?.['funcname']);
    const values = asNodes(own?.['args']).map((each) => this.queries.value(each, this.queries.scopeOf(undefined, '')));
    if (name)
      this.schema.requireFunction(
        name,
        'procedure',
        values.map(({ type }) => type ?? 'text'),
        '',
      );
  }

  #grant(inner: Fields): void {
    const kind = asText(inner['objtype']) ?? '';
    if (inner['targtype'] === 'ACL_TARGET_ALL_IN_SCHEMA') {
      for (const name of nameParts(inner['objects'])) this.schema.requireSchema(name);
      return;
    }
    if (inner['targtype'] !== 'ACL_TARGET_OBJECT') return;
    const columns = asNodes(inner['privileges']).flatMap((each) => nameParts(fieldsOf(each, 'AccessPriv')?.['cols']));
    for (const object of asNodes(inner['objects'])) {
      this.#object(kind, object, false);
      const live = kind === 'OBJECT_TABLE' ? this.#table(object) : undefined;
      for (const name of columns) if (live) this.schema.column(live, name);
    }
  }

  #policy(type: string, inner: Fields): void {
    const live = this.#table(inner['table']);
    const name = asText(inner['policy_name']);
    if (!live || name === undefined) return;
    if (type === 'CreatePolicyStmt') live.made.add(`policy ${name}`);
    else this.#attached(live, 'OBJECT_POLICY', name);
    const scope = this.queries.scopeOf(live, relationName(inner['table'])?.name ?? '');
    this.queries.condition(asNode(inner['qual']), scope);
    this.queries.condition(asNode(inner['with_check']), scope);
  }

  #createTrigger(inner: Fields): void {
    const live = this.#table(inner['relation']);
    const name = asText(inner['trigname']);
    if (name !== undefined) live?.made.add(`trigger ${name}`);
    const routine = nameFromList(inner['funcname']);
    if (routine && !/^(?:tsvector_update_trigger|suppress_redundant_updates_trigger)/.test(routine.name)) {
      if (routine.name === 'moddatetime') this.schema.requireExtension('moddatetime');
      else this.schema.requireFunction(routine, 'function', [], 'trigger');
    }
    if (!live) return;
    for (const column of nameParts(inner['columns'])) this.schema.column(live, column);
    this.queries.condition(asNode(inner['whenClause']), this.queries.scopeOf(live, 'new', 'old'));
  }

  #createRule(inner: Fields): void {
    const live = this.#table(inner['relation']);
    const name = asText(inner['rulename']);
    if (name !== undefined) live?.made.add(`rule ${name}`);
    const scope = this.queries.scopeOf(live, 'new', 'old');
    this.queries.condition(asNode(inner['whereClause']), scope);
    for (const action of asNodes(inner['actions'])) this.queries.query(action, scope);
  }

  #createStatistics(inner: Fields): void {
    for (const relation of asNodes(inner['relations'])) {
      const live = this.#table(relation);
      if (!live) continue;
      for (const element of asNodes(inner['exprs'])) {
        const name = asText(fieldsOf(element, 'StatsElem')?.['name']);
        if (name !== undefined) this.schema.column(live, name);
        this.queries.value(asNode(fieldsOf(element, 'StatsElem')?.['expr']), this.queries.scopeOf(live, ''));
      }
    }
  }

  #setSchema(inner: Fields): void {
    const { schema } = this;
    const to = asText(inner['newschema']) ?? 'public';
    schema.requireSchema(to);
    const kind = asText(inner['objectType']) ?? '';
    const name = relationName(inner['relation']);
    this.#object(kind, inner['relation'] ?? inner['object'], false);
    if (name && schema.existing(name)) schema.renameTable(name, { schema: to, name: name.name });
  }

  #alterEnum(inner: Fields): void {
    const name = nameFromList(inner['typeName']);
    const type = name && this.schema.type(name);
    const before = asText(inner['oldVal']) ?? asText(inner['newValNeighbor']);
    if (before !== undefined) type?.labels.add(before);
    const added = asText(inner['oldVal']) === undefined ? asText(inner['newVal']) : undefined;
    if (type && added !== undefined) this.addedLabels.set(added, type);
  }

  #alterDomain(inner: Fields): void {
    const name = nameFromList(inner['typeName']);
    const type = name && this.schema.type(name, 'domain');
    const constraint = asText(inner['name']);
    const check = asNode(fieldsOf(asNode(inner['def']), 'Constraint')?.['raw_expr']);
    if (type && check) type.base ??= baseOf(check);
    if (type && constraint !== undefined && /^[XV]$/.test(asText(inner['subtype']) ?? '')) type.parts.add(constraint);
  }

  #sequence(type: string, inner: Fields): void {
    const name = relationName(inner['sequence']);
    if (!name) return;
    if (type === 'CreateSeqStmt') this.#makeNamed('sequence', name);
    else this.schema.requireSequence(name);
    for (const option of asNodes(inner['options'])) {
      const element = fieldsOf(option, 'DefElem');
      const parts = element?.['defname'] === 'owned_by' ? nameParts(element['arg']) : [];
      const live = parts.length > 1 ? this.#ownerIn(parts) : undefined;
      if (live) this.schema.column(live, parts.at(-1) ?? '');
    }
  }

  #publication(type: string, inner: Fields): void {
    const name = asText(inner['pubname']) ?? '';
    if (type === 'CreatePublicationStmt') this.schema.made(`publication ${name}`);
    else this.schema.requirePublication(name);
    for (const object of asNodes(inner['pubobjects'])) {
      const table = asFields(fieldsOf(object, 'PublicationObjSpec')?.['pubtable']);
      if (table) this.#table((asFields(table['PublicationTable']) ?? table)['relation']);
    }
  }

  #createSchema(inner: Fields): void {
    const role = asText(asFields(inner['authrole'])?.['rolename']);
    this.schema.made(`schema ${asText(inner['schemaname']) ?? role ?? ''}`);
    for (const element of asNodes(inner['schemaElts'])) this.follow(element);
  }

  #setVariable(inner: Fields): void {
    if (inner['kind'] !== 'VAR_SET_VALUE') return;
    const values = asNodes(inner['args']).map((each) => asText(asFields(fieldsOf(each, 'A_Const')?.['sval'])?.['sval']) ?? '');
    const [first] = values;
    if (first === undefined) return;
    if (inner['name'] === 'role') this.schema.requireRole(first);
    if (inner['name'] !== 'search_path') return;
    const own = values.find((each) => each !== '' && each !== '$user' && each !== 'pg_catalog');
    this.schema.defaultSchema = own ?? 'public';
    this.schema.otherSchemas = values.filter((each) => each !== own && each !== '$user' && each !== 'pg_catalog');
    for (const each of values) if (each !== '' && each !== '$user') this.schema.requireSchema(each);
  }
}

/** Statements whose types are what they make or drop, or the arguments of routines that are looked at elsewhere. */
const ownsItsTypes: ReadonlySet<string> = new Set([
  'DropStmt',
  'CommentStmt',
  'RenameStmt',
  'AlterOwnerStmt',
  'AlterObjectSchemaStmt',
  'DefineStmt',
]);

/** The type of a domain whose VALUE is compared with numbers; undefined where nothing says that it is one. */
function baseOf(check: SqlNode): string | undefined {
  let base: string | undefined;
  walk(check, (type, inner) => {
    if (type !== 'A_Expr') return;
    const sides = [asNode(inner['lexpr']), asNode(inner['rexpr'])];
    const [, ...bounds] = sides.flatMap((side) => asNodes(fieldsOf(side, 'List')?.['items']).concat(side ?? []));
    const isValue = sides.some((side) => nameParts(fieldsOf(side, 'ColumnRef')?.['fields']).at(-1)?.toLowerCase() === 'value');
    const constants = [sides[0], ...bounds].map((each) => fieldsOf(each, 'A_Const'));
    if (isValue && constants.some((each) => each?.['fval'])) base = 'numeric';
    else if (isValue && constants.some((each) => each?.['ival'])) base ??= 'integer';
  });
  return base;
}

/** The commands of ALTER TABLE in the order of the server's passes: what is dropped first, and constraints last. */
function inPasses(commands: readonly AlterTableCommand[]): AlterTableCommand[] {
  const pass = ({ subtype }: AlterTableCommand) =>
    /^AT_(?:Drop(?:Column|Constraint)|AlterColumnType)$/.test(subtype) ? 0 : subtype === 'AT_AddColumn' ? 1 : 2;
  return [0, 1, 2].flatMap((each) => commands.filter((command) => pass(command) === each));
}

function relationKind(kind: string): AssumedTable['kind'] {
  if (kind === 'OBJECT_VIEW') return 'view';
  return kind === 'OBJECT_MATVIEW' ? 'materialized view' : 'table';
}

/** `OBJECT_TYPE` as in labels: `type`. */
function word(kind: string): string {
  if (kind === 'OBJECT_DOMAIN') return 'type';
  if (/^OBJECT_(?:PROCEDURE|ROUTINE|AGGREGATE)$/.test(kind)) return 'function';
  return kind.replace('OBJECT_', '').toLowerCase();
}

function ginType({ name, type }: AssumedColumn): string {
  if (/\[\]$|^(?:jsonb|tsvector)$/.test(type)) return type;
  if (/(?:search|tsv|vector|document)/.test(name)) return 'tsvector';
  return /(?:tags|labels|ids|roles|names|categories|keywords|emails)$/.test(name) ? 'text[]' : 'jsonb';
}

/** True for a conversion by AT TIME ZONE. */
function zoned(using: SqlNode | undefined): boolean {
  return nameFromList(fieldsOf(using, 'FuncCall')?.['funcname'])?.name === 'timezone';
}

function wrapped(type: string, value: unknown): SqlNode | undefined {
  const inner = asFields(value);
  return inner ? ({ [type]: { ...inner } } as unknown as SqlNode) : undefined;
}
