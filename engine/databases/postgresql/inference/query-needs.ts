import {
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
  relationName,
} from '../sql/untyped-nodes';
import type { SqlNode } from '../sql/statement';
import { type AssumedColumn, weights } from './assumed-schema';
import { argumentTypes, functionTypes } from './function-types';
import type { LiveSchema, LiveTable } from './live-schema';
import { extensionFunctions, typeNameOf } from './type-names';

/** What is known of the value of an expression. */
export interface Value {
  readonly column?: AssumedColumn | undefined;
  readonly type?: string;
  readonly weight?: number;
  /** Set for a string literal. */
  readonly literal?: string;
}

/** The relations that an expression can name, innermost first. */
export interface Scope {
  readonly tables: { readonly alias: string; readonly table: LiveTable | undefined }[];
  readonly common: ReadonlySet<string>;
  /** Names that stand for results and not for columns. */
  readonly results: Set<string>;
  readonly parent: Scope | undefined;
}

const nothing: Value = {};

/**
 * Finds what queries and expressions need of the relations that they name: the relations, their columns, and what the
 * columns' types must be. Everything is told to the schema.
 */
export class QueryNeeds {
  readonly #literals = new Map<AssumedColumn, Set<string>>();

  /** Tables of which one takes the rows of another as they are, by INSERT INTO a SELECT * FROM b. */
  readonly copied: { readonly from: LiveTable; readonly to: LiveTable }[] = [];

  constructor(readonly schema: LiveSchema) {}

  /** The strings that each column is compared with or set to: the labels of an enum. */
  get literals(): ReadonlyMap<AssumedColumn, ReadonlySet<string>> {
    return this.#literals;
  }

  scopeOf(table: LiveTable | undefined, ...aliases: string[]): Scope {
    return { tables: aliases.map((alias) => ({ alias, table })), common: new Set(), results: new Set(), parent: undefined };
  }

  /** A whole query of any kind; the values of its result columns. */
  query(node: SqlNode | undefined, parent?: Scope): Value[] {
    if (!node) return [];
    const inner = fields(node);
    switch (nodeType(node)) {
      case 'SelectStmt':
        return this.#select(inner, parent);
      case 'InsertStmt':
        return this.#insert(inner, parent);
      case 'UpdateStmt':
        return this.#update(inner, parent);
      case 'DeleteStmt':
        return this.#delete(inner, parent);
      case 'MergeStmt':
        return this.#merge(inner, parent);
      default:
        return [];
    }
  }

  /** An expression that is a condition. */
  condition(node: SqlNode | undefined, scope: Scope): void {
    if (!node) return;
    const { column } = this.value(node, scope);
    if (column) this.hint(column, 'boolean', weights.context);
  }

  /** Takes note that a column has, or can be compared with, a type. */
  hint(column: AssumedColumn, type: string, weight: number): void {
    if (weight <= column.weight || column.type === type) {
      if (column.type === type) column.weight = Math.max(weight, column.weight);
      return;
    }
    if (weight < weights.partner && accepts(column.type, type)) {
      column.weight = weight;
      return;
    }
    column.type = type;
    column.weight = weight;
  }

  /** Two values that are compared, or one that is assigned to the other. */
  relate(left: Value, right: Value): void {
    if (left.column && right.column) this.schema.assumed.links.push({ left: left.column, right: right.column });
    else if (left.column) this.#fit(left.column, right);
    else if (right.column) this.#fit(right.column, left);
  }

  #fit(column: AssumedColumn, { type, weight, literal }: Value): void {
    if (literal !== undefined) {
      const known = this.#literals.get(column) ?? new Set();
      this.#literals.set(column, known.add(literal));
    }
    if (type === undefined) return;
    const isOpen = column.weight === weights.name && column.type === 'text';
    if (literal !== undefined && weight === weights.literal && !isOpen && accepts(column.type, type, literal)) return;
    this.hint(column, type, weight ?? weights.context);
  }

  value(node: SqlNode | undefined, scope: Scope): Value {
    if (!node) return nothing;
    const inner = fields(node);
    switch (nodeType(node)) {
      case 'ColumnRef':
        return { column: this.#column(nameParts(inner['fields']), scope) };
      case 'A_Const':
        return constant(inner);
      case 'TypeCast':
        return this.#cast(inner, scope);
      case 'A_Expr':
        return this.#operation(inner, scope);
      case 'BoolExpr':
        for (const argument of asNodes(inner['args'])) this.condition(argument, scope);
        return { type: 'boolean', weight: weights.context };
      case 'BooleanTest':
        this.condition(asNode(inner['arg']), scope);
        return { type: 'boolean', weight: weights.context };
      case 'NullTest':
        this.value(asNode(inner['arg']), scope);
        return { type: 'boolean', weight: weights.context };
      case 'FuncCall':
        return this.#call(inner, scope);
      case 'SQLValueFunction':
        return { type: valueFunctionType(asText(inner['op']) ?? ''), weight: weights.context };
      case 'SubLink':
        return this.#subquery(inner, scope);
      case 'CoalesceExpr':
      case 'MinMaxExpr':
        return this.#alike(asNodes(inner['args']), scope);
      case 'CaseExpr':
        return this.#case(inner, scope);
      case 'A_ArrayExpr': {
        const element = this.#alike(asNodes(inner['elements']), scope);
        return element.type === undefined ? nothing : { type: `${element.type}[]`, weight: weights.context };
      }
      case 'CollateClause':
        return this.value(asNode(inner['arg']), scope);
      case 'SelectStmt':
        this.query(node, scope);
        return nothing;
      default:
        for (const child of Object.values(inner)) {
          for (const each of Array.isArray(child) ? asNodes(child) : asNodes([child])) if (isTyped(each)) this.value(each, scope);
        }
        return nothing;
    }
  }

  /** The relation of a RangeVar, or undefined for a common table expression. */
  relation(rangeVar: unknown, scope: Scope | undefined): { alias: string; table: LiveTable | undefined } {
    const record = asFields(rangeVar);
    const name = relationName(rangeVar);
    const inner = asFields(record?.['RangeVar']) ?? record;
    const alias = asText(asFields(inner?.['alias'])?.['aliasname']) ?? name?.name ?? '';
    if (!name || (name.schema === undefined && isCommon(name.name, scope))) return { alias, table: undefined };
    return { alias, table: this.schema.table(name) };
  }

  /** `INSERT`, `UPDATE` and the like with a list of targets. */
  assign(targets: readonly SqlNode[], table: LiveTable | undefined, scope: Scope): void {
    for (const target of targets) {
      const inner = fieldsOf(target, 'ResTarget');
      const name = asText(inner?.['name']);
      const value = this.value(asNode(inner?.['val']), scope);
      const column = table && name !== undefined ? this.schema.column(table, name) : undefined;
      if (column && asNodes(inner?.['indirection']).length === 0) this.relate({ column }, value);
    }
  }

  #select(inner: Fields, parent: Scope | undefined): Value[] {
    const scope = this.#scope(inner, parent);
    for (const item of asNodes(inner['fromClause'])) this.#from(item, scope);
    const values = asNodes(inner['targetList']).map((target) => {
      const result = fieldsOf(target, 'ResTarget');
      const value = this.value(asNode(result?.['val']), scope);
      const name = asText(result?.['name']);
      if (name !== undefined) scope.results.add(name);
      return value;
    });
    this.condition(asNode(inner['whereClause']), scope);
    this.condition(asNode(inner['havingClause']), scope);
    for (const key of ['groupClause', 'sortClause', 'distinctClause', 'windowClause']) {
      for (const each of asNodes(inner[key])) this.#ordering(each, scope);
    }
    for (const key of ['limitCount', 'limitOffset']) this.value(asNode(inner[key]), scope);
    const rows = asNodes(inner['valuesLists']).map((row) =>
      asNodes(fieldsOf(row, 'List')?.['items']).map((each) => this.value(each, scope)),
    );
    const left = asFields(inner['larg']);
    const right = asFields(inner['rarg']);
    const sides = [left, right].map((side) => (side ? this.#select(asFields(side['SelectStmt']) ?? side, scope) : []));
    const [first = [], second = []] = sides;
    first.forEach((value, index) => second[index] && this.relate(value, second[index]));
    if (rows.length > 0) return mergeRows(rows);
    return values.length > 0 ? values : first;
  }

  #ordering(node: SqlNode, scope: Scope): void {
    const sorted = asNode(fieldsOf(node, 'SortBy')?.['node']) ?? node;
    const [only, ...more] = nameParts(fieldsOf(sorted, 'ColumnRef')?.['fields']);
    if (only !== undefined && more.length === 0 && scope.results.has(only)) return;
    this.value(sorted, scope);
  }

  #insert(inner: Fields, parent: Scope | undefined): Value[] {
    const scope = this.#scope(inner, parent);
    const { alias, table } = this.relation(inner['relation'], scope);
    const values = this.query(asNode(inner['selectStmt']), scope);
    const source = table && asNodes(inner['cols']).length === 0 ? this.#copiedWhole(asNode(inner['selectStmt']), scope) : undefined;
    if (table && source) this.copied.push({ from: source, to: table });
    const named = asNodes(inner['cols']).flatMap((target) => asText(fieldsOf(target, 'ResTarget')?.['name']) ?? []);
    const columns = named.length > 0 ? named : this.#unnamedColumns(table, values.length);
    if (table) {
      columns.forEach((name, index) => {
        const column = this.schema.column(table, name);
        const value = values[index];
        if (column && value) this.relate({ column }, value);
      });
    }
    const target: Scope = {
      ...scope,
      tables: [
        { alias, table },
        { alias: 'excluded', table },
        { alias: 'new', table },
        { alias: 'old', table },
      ],
    };
    const conflict = asFields(inner['onConflictClause']);
    if (conflict) this.#conflict(asFields(conflict['OnConflictClause']) ?? conflict, table, target);
    return this.#returning(inner, target);
  }

  /** The one relation all of whose columns a query returns. */
  #copiedWhole(query: SqlNode | undefined, scope: Scope): LiveTable | undefined {
    const select = fieldsOf(query, 'SelectStmt');
    const [target, ...more] = asNodes(select?.['targetList']);
    const [from, ...others] = asNodes(select?.['fromClause']);
    const parts = asNodes(fieldsOf(asNode(fieldsOf(target, 'ResTarget')?.['val']), 'ColumnRef')?.['fields']);
    if (!from || nodeType(from) !== 'RangeVar' || more.length + others.length > 0 || !fieldsOf(parts.at(-1), 'A_Star')) return undefined;
    return this.relation(from, scope).table;
  }

  /** Columns of INSERT INTO t VALUES (...): those that are known, and others for the values left over. */
  #unnamedColumns(table: LiveTable | undefined, count: number): string[] {
    const names = [...(table?.columns.keys() ?? [])].slice(0, count);
    for (let place = names.length + 1; table?.assumed && place <= count; place++) names.push(place === 1 ? 'id' : `column${place}`);
    return names;
  }

  #conflict(conflict: Fields, table: LiveTable | undefined, scope: Scope): void {
    const target = asFields(conflict['infer']);
    const infer = asFields(target?.['InferClause']) ?? target;
    const names = asNodes(infer?.['indexElems']).map((element) => asText(fieldsOf(element, 'IndexElem')?.['name']));
    for (const element of asNodes(infer?.['indexElems'])) this.value(asNode(fieldsOf(element, 'IndexElem')?.['expr']), scope);
    for (const name of names) if (table && name !== undefined) this.schema.column(table, name);
    const isPlain = names.length > 0 && names.every((name) => name !== undefined);
    if (table?.assumed && isPlain) table.assumed.uniques.push(names.filter((name) => name !== undefined));
    this.condition(asNode(infer?.['whereClause']), scope);
    this.assign(asNodes(conflict['targetList']), table, scope);
    this.condition(asNode(conflict['whereClause']), scope);
  }

  #update(inner: Fields, parent: Scope | undefined): Value[] {
    const scope = this.#scope(inner, parent);
    const target = this.relation(inner['relation'], scope);
    scope.tables.push(target);
    for (const item of asNodes(inner['fromClause'])) this.#from(item, scope);
    this.assign(asNodes(inner['targetList']), target.table, scope);
    this.condition(asNode(inner['whereClause']), scope);
    return this.#returning(inner, scope);
  }

  #delete(inner: Fields, parent: Scope | undefined): Value[] {
    const scope = this.#scope(inner, parent);
    scope.tables.push(this.relation(inner['relation'], scope));
    for (const item of asNodes(inner['usingClause'])) this.#from(item, scope);
    this.condition(asNode(inner['whereClause']), scope);
    return this.#returning(inner, scope);
  }

  #merge(inner: Fields, parent: Scope | undefined): Value[] {
    const scope = this.#scope(inner, parent);
    const target = this.relation(inner['relation'], scope);
    scope.tables.push(target);
    const source = asNode(inner['sourceRelation']);
    if (source) this.#from(source, scope);
    this.condition(asNode(inner['joinCondition']), scope);
    for (const clause of asNodes(inner['mergeWhenClauses'])) {
      const when = fields(clause);
      this.condition(asNode(when['condition']), scope);
      const targets = asNodes(when['targetList']);
      this.assign(targets, target.table, scope);
      asNodes(when['values']).forEach((node, index) => {
        const name = asText(fieldsOf(targets[index], 'ResTarget')?.['name']);
        const column = target.table && name !== undefined ? this.schema.column(target.table, name) : undefined;
        this.relate(column ? { column } : nothing, this.value(node, scope));
      });
    }
    return this.#returning(inner, scope);
  }

  #returning(inner: Fields, scope: Scope): Value[] {
    const clause = asFields(inner['returningClause']);
    const list = inner['returningList'] ?? (asFields(clause?.['ReturningClause']) ?? clause)?.['exprs'];
    return asNodes(list).map((target) => this.value(asNode(fieldsOf(target, 'ResTarget')?.['val']), scope));
  }

  #scope(inner: Fields, parent: Scope | undefined): Scope {
    const clause = asFields(inner['withClause']);
    const common = new Set<string>();
    const scope: Scope = { tables: [], common, results: new Set(), parent };
    for (const expression of asNodes((asFields(clause?.['WithClause']) ?? clause)?.['ctes'])) {
      const each = fieldsOf(expression, 'CommonTableExpr');
      const name = asText(each?.['ctename']);
      if (name !== undefined) common.add(name);
      this.query(asNode(each?.['ctequery']), scope);
    }
    return scope;
  }

  #from(item: SqlNode, scope: Scope): void {
    const inner = fields(item);
    switch (nodeType(item)) {
      case 'RangeVar':
        scope.tables.push(this.relation(item, scope));
        return;
      case 'JoinExpr':
        return this.#join(inner, scope);
      case 'RangeSubselect':
        this.query(asNode(inner['subquery']), scope);
        break;
      default:
        this.value(item, scope);
    }
    scope.tables.push({ alias: asText(asFields(inner['alias'])?.['aliasname']) ?? '', table: undefined });
  }

  #join(inner: Fields, scope: Scope): void {
    const before = scope.tables.length;
    const left = asNode(inner['larg']);
    const right = asNode(inner['rarg']);
    if (left) this.#from(left, scope);
    const middle = scope.tables.length;
    if (right) this.#from(right, scope);
    this.condition(asNode(inner['quals']), scope);
    for (const name of nameParts(inner['usingClause'])) {
      const sides = [scope.tables.slice(before, middle), scope.tables.slice(middle)].map(
        (tables) => tables.find(({ table }) => table && this.schema.knowsColumn(table, name)) ?? tables[0],
      );
      const [first, second] = sides.map((side) => (side?.table ? this.schema.column(side.table, name) : undefined));
      this.relate({ column: first }, { column: second });
    }
  }

  #column(parts: readonly string[], scope: Scope): AssumedColumn | undefined {
    const name = parts.at(-1);
    const qualifier = parts.at(-2);
    if (name === undefined) return undefined;
    for (let each: Scope | undefined = scope; each; each = each.parent) {
      if (qualifier !== undefined) {
        const found = each.tables.find(({ alias }) => alias === qualifier);
        if (found) return found.table && this.schema.column(found.table, name);
        continue;
      }
      if (each.tables.some(({ alias }) => alias === name)) return undefined;
      const known = each.tables.find(({ table }) => table && this.schema.knowsColumn(table, name));
      if (known?.table) return this.schema.column(known.table, name);
      // What is in a subquery or a function is not known, so the column may be one of its results.
      if (each.tables.some(({ table }) => !table)) return undefined;
      const open = each.tables.find(({ table }) => table?.assumed !== undefined || (table?.sources.length ?? 0) > 0);
      if (open?.table) return this.schema.column(open.table, name);
    }
    return undefined;
  }

  #cast(inner: Fields, scope: Scope): Value {
    const argument = this.value(asNode(inner['arg']), scope);
    const type = typeNameOf(inner['typeName']);
    if (!type) return nothing;
    if (type.name === 'regclass' && argument.literal !== undefined) this.#namedRelation(argument.literal);
    if (!type.isBuiltIn && argument.literal !== undefined) {
      const made = this.schema.type(type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name });
      if (made?.kind === 'enum' && !type.isArray) made.labels.add(argument.literal);
    }
    return { type: this.schema.typeText(type), weight: weights.partner };
  }

  /** 'name'::regclass: a sequence when it is called like one, a table otherwise. */
  #namedRelation(text: string): void {
    const name = nameInText(text);
    if (/_seq$/.test(name.name)) this.schema.requireSequence(name);
    else if (!this.schema.assumed.sequences.has(this.schema.keyOf(name))) this.schema.table(name);
  }

  #operation(inner: Fields, scope: Scope): Value {
    const kind = asText(inner['kind']) ?? '';
    const operator = nameParts(inner['name']).at(-1) ?? '';
    const left = this.value(asNode(inner['lexpr']), scope);
    const right = asFields(inner['rexpr']);
    const items = asNodes(asFields(right?.['List'])?.['items']);
    const boolean: Value = { type: 'boolean', weight: weights.context };
    if (items.length > 0) {
      for (const item of items) this.relate(left, this.value(item, scope));
      return boolean;
    }
    const other = this.value(asNode(inner['rexpr']), scope);
    if (kind === 'AEXPR_NULLIF') {
      this.relate(left, other);
      return left.column ? { column: left.column } : left;
    }
    if (/^AEXPR_OP_(?:ANY|ALL)$/.test(kind)) {
      if (other.type?.endsWith('[]')) this.relate(left, { type: other.type.slice(0, -2), weight: weights.context });
      else if (other.column && left.type !== undefined) this.hint(other.column, `${left.type}[]`, weights.literal);
      return boolean;
    }
    if (/^AEXPR_(?:I?LIKE|SIMILAR)$/.test(kind) || /^!?~\*?$/.test(operator)) {
      for (const { column } of [left, other]) if (column) this.hint(column, 'text', weights.literal);
      return boolean;
    }
    if (/^(?:=|<>|<|>|<=|>=)$/.test(operator)) {
      this.relate(left, other);
      return boolean;
    }
    return this.#computation(operator, left, other);
  }

  #computation(operator: string, left: Value, right: Value): Value {
    const documents: Readonly<Record<string, string>> = { '->': 'jsonb', '->>': 'text', '#>': 'jsonb', '#>>': 'text', '#-': 'jsonb' };
    const extracted = documents[operator];
    const columns = [left.column, right.column].filter((column) => column !== undefined);
    if (extracted !== undefined || /^(?:\?[|&]?|@\?)$/.test(operator)) {
      if (left.column) this.hint(left.column, 'jsonb', weights.literal);
      return { type: extracted ?? 'boolean', weight: weights.context };
    }
    if (operator === '@@') {
      if (left.column) this.hint(left.column, right.type === 'jsonpath' ? 'jsonb' : 'tsvector', weights.literal);
      return { type: 'boolean', weight: weights.context };
    }
    if (operator === '@>' || operator === '<@' || operator === '&&') {
      const other = left.column ? right : left;
      const type = other.type?.endsWith('[]') || (other.type !== undefined && other.literal === undefined) ? other.type : 'jsonb';
      for (const column of columns) this.hint(column, type, weights.literal);
      return { type: 'boolean', weight: weights.context };
    }
    if (operator === '||') {
      const isJson = [left, right].some(({ type }) => type === 'jsonb');
      for (const column of columns) this.hint(column, isJson ? 'jsonb' : 'text', weights.context);
      return { type: isJson ? 'jsonb' : 'text', weight: weights.context };
    }
    const isTime = [left, right].some(({ type }) => type === 'interval' || type?.startsWith('timestamp'));
    const number = [left, right].find(({ type }) => type !== undefined && /^(?:numeric|double|real|bigint|integer)/.test(type))?.type;
    for (const column of columns) {
      if (isTime) this.hint(column, 'timestamptz', weights.context);
      else this.hint(column, number ?? 'numeric', weights.context);
    }
    if (isTime) return { type: 'timestamptz', weight: weights.context };
    const type = left.column?.type ?? right.column?.type ?? number;
    return type === undefined ? nothing : { type, weight: weights.context };
  }

  #call(inner: Fields, scope: Scope): Value {
    const name = nameFromList(inner['funcname']);
    const values = asNodes(inner['args']).map((argument) => this.value(argument, scope));
    for (const key of ['agg_order', 'over']) {
      for (const node of Array.isArray(inner[key]) ? asNodes(inner[key]) : asNodes([inner[key]])) this.value(node, scope);
    }
    this.condition(asNode(inner['agg_filter']), scope);
    if (!name) return nothing;
    const extension = extensionFunctions[name.name];
    if (extension !== undefined && this.schema.needs(`function ${this.schema.keyOf(name)}`)) this.schema.requireExtension(extension);
    const [first, second] = values;
    if (/^(?:nextval|setval|currval)$/.test(name.name) && first?.literal !== undefined)
      this.schema.requireSequence(nameInText(first.literal));
    if (name.name === 'pg_get_serial_sequence' && first?.literal !== undefined && second?.literal !== undefined) {
      const table = this.schema.table(nameInText(first.literal));
      const column = table && this.schema.column(table, second.literal);
      if (column) column.extra = 'identity';
    }
    const expected = argumentTypes(name.name);
    values.forEach(({ column }, index) => {
      const type = expected?.(index);
      if (column && type !== undefined) this.hint(column, type, weights.context);
    });
    const type = functionTypes[name.name];
    if (type === undefined) return /^(?:min|max|lag|lead|first_value|last_value|any_value)$/.test(name.name) && first ? first : nothing;
    return { type, weight: weights.context };
  }

  #subquery(inner: Fields, scope: Scope): Value {
    const test = this.value(asNode(inner['testexpr']), scope);
    const [first] = this.query(asNode(inner['subselect']), scope);
    const kind = asText(inner['subLinkType']);
    if (kind === 'ANY_SUBLINK' || kind === 'ALL_SUBLINK') {
      if (first) this.relate(test, first);
      return { type: 'boolean', weight: weights.context };
    }
    return kind === 'EXPR_SUBLINK' ? (first ?? nothing) : nothing;
  }

  #alike(nodes: readonly SqlNode[], scope: Scope): Value {
    const values = nodes.map((node) => this.value(node, scope));
    const typed = values.find(({ type }) => type !== undefined);
    for (const value of values) if (value.column && typed && value !== typed) this.relate(value, typed);
    return values.find(({ column }) => column) ?? typed ?? nothing;
  }

  #case(inner: Fields, scope: Scope): Value {
    const tested = this.value(asNode(inner['arg']), scope);
    const results = asNodes(inner['args']).map((when) => {
      const clause = fields(when);
      if (inner['arg'] === undefined) this.condition(asNode(clause['expr']), scope);
      else this.relate(tested, this.value(asNode(clause['expr']), scope));
      return asNode(clause['result']);
    });
    const all = [...results, asNode(inner['defresult'])].filter((node) => node !== undefined);
    return this.#alike(all, scope);
  }
}

/** Types of values in the same place of several rows: the first that says something. */
function mergeRows(rows: readonly Value[][]): Value[] {
  const [first = []] = rows;
  return first.map((value, place) => rows.map((row) => row[place]).find((each) => each && (each.type ?? each.column)) ?? value);
}

function isTyped(node: SqlNode): boolean {
  return /^[A-Z]/.test(nodeType(node));
}

function isCommon(name: string, scope: Scope | undefined): boolean {
  for (let each = scope; each; each = each.parent) if (each.common.has(name)) return true;
  return false;
}

function constant(inner: Fields): Value {
  const text = asFields(inner['sval']);
  if (inner['isnull'] === true) return nothing;
  if (text) return stringValue(asText(text['sval']) ?? '');
  if (inner['ival']) return { type: 'integer', weight: weights.literal };
  if (inner['boolval']) return { type: 'boolean', weight: weights.literal };
  const number = asText(asFields(inner['fval'])?.['fval']);
  if (number !== undefined) return { type: /^\d+$/.test(number) ? 'bigint' : 'numeric', weight: weights.literal };
  return nothing;
}

function stringValue(literal: string): Value {
  const { literal: weight } = weights;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(literal)) return { type: 'uuid', weight, literal };
  if (/^\d{4}-\d\d-\d\d$/.test(literal)) return { type: 'date', weight, literal };
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(literal)) return { type: 'timestamptz', weight, literal };
  if (/^\{\}$|^\{\s*"|^\[/.test(literal)) return { type: 'jsonb', weight, literal };
  return { type: 'text', weight, literal };
}

/** Whether a column of a type can be compared with a value that looks like another. */
function accepts(column: string, value: string, literal?: string): boolean {
  const number = /^(?:smallint|integer|bigint|numeric|real|double precision)/;
  if (number.test(column)) return number.test(value) || /^-?\d+$/.test(literal ?? '');
  if (/^(?:timestamp|date)/.test(column)) return /^(?:timestamp|date)/.test(value);
  if (/^(?:varchar|char|text|citext)/.test(column)) return literal !== undefined || value === 'text';
  return column === value || (literal === '{}' && column.endsWith('[]'));
}

function valueFunctionType(operation: string): string {
  if (/TIMESTAMP/.test(operation)) return /LOCAL/.test(operation) ? 'timestamp' : 'timestamptz';
  if (/DATE/.test(operation)) return 'date';
  return /TIME/.test(operation) ? 'timetz' : 'text';
}

/** A name inside a string, as `nextval('a.b')` takes it. */
export function nameInText(text: string): { schema?: string; name: string } {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? (plain ?? '').toLowerCase(),
  );
  const name = parts.at(-1) ?? text;
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}
