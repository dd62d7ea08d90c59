import type { TextRange } from '../../../../core/text';
import {
  asFields,
  asNode,
  asNodes,
  asText,
  fields,
  fieldsOf,
  nodeType,
  type Fields,
} from '../../../../databases/postgresql/sql/untyped-nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'needs-superuser',
  hazards: ['P58'],
  severity: 'info',
  looksInside: true,
  summary: 'Needs superuser privileges, which managed databases do not grant.',
  *statement(context) {
    const { statement } = context;
    const need = statement.node && needOf(statement.node);
    if (!need) return;
    yield {
      range: placeOf(context, need.word),
      cause: need.why,
      message: `Needs a superuser: ${need.why}`,
      details: 'The upgrade stops here if the migration role is not a superuser, as on most managed databases.',
      verified: false,
      reason: 'stated',
    };
  },
};

interface Need {
  readonly why: string;
  /** The telling word of the statement. */
  readonly word?: string | undefined;
}

/** Extensions that PostgreSQL marks as trusted: CREATE on the database is enough for them. */
const trustedExtensions: ReadonlySet<string> = new Set([
  'bool_plperl',
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'dict_int',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'jsonb_plperl',
  'lo',
  'ltree',
  'pg_trgm',
  'pgcrypto',
  'plperl',
  'plpgsql',
  'pltcl',
  'seg',
  'tablefunc',
  'tcn',
  'tsm_system_rows',
  'tsm_system_time',
  'unaccent',
  'uuid-ossp',
]);

function needOf(node: SqlNode): Need | undefined {
  const inner = fields(node);
  switch (nodeType(node)) {
    case 'CreateExtensionStmt': {
      const name = asText(inner['extname']) ?? '';
      return trustedExtensions.has(name) ? undefined : { why: `${name} is not a trusted extension`, word: name };
    }
    case 'AlterSystemStmt':
      return { why: 'ALTER SYSTEM changes the configuration of the whole server' };
    case 'CopyStmt':
      return copyNeed(inner);
    case 'CreateRoleStmt':
    case 'AlterRoleStmt':
      return roleNeed(inner);
    case 'CreateEventTrigStmt':
    case 'AlterEventTrigStmt':
      return { why: 'event triggers act on every command of the database' };
    case 'VariableSetStmt':
      return settingNeed(inner);
    case 'CreateFunctionStmt':
      return languageNeed(inner);
    case 'GrantRoleStmt':
      return grantNeed(inner);
    case 'CreatePLangStmt':
      return { why: 'CREATE LANGUAGE adds code to the server', word: asText(inner['plname']) };
    case 'CreateFdwStmt':
      return { why: 'a foreign-data wrapper runs code in the server', word: asText(inner['fdwname']) };
    case 'CreateTableSpaceStmt':
    case 'DropTableSpaceStmt':
      return { why: 'tablespaces are directories on the server' };
    case 'CreateSubscriptionStmt':
      return { why: 'subscriptions need pg_create_subscription or a superuser', word: asText(inner['subname']) };
    case 'CreateCastStmt':
      return inner['func'] === undefined && inner['inout'] !== true ? { why: 'a cast without a function reinterprets bytes' } : undefined;
    case 'DefineStmt':
      return inner['kind'] === 'OBJECT_TYPE' && asNodes(inner['definition']).length > 0
        ? { why: 'a new base type runs code in the server' }
        : undefined;
    case 'CreateOpClassStmt':
    case 'CreateOpFamilyStmt':
    case 'CreateAmStmt':
      return { why: 'a mistake can crash the server' };
    case 'AlterTableStmt':
      return triggersNeed(inner);
    case 'CreatePublicationStmt':
      return inner['for_all_tables'] === true ? { why: 'FOR ALL TABLES publishes tables of every owner' } : undefined;
    default:
      return undefined;
  }
}

function copyNeed(inner: Fields): Need | undefined {
  const from = inner['is_from'] === true;
  if (inner['is_program'] === true) return { why: 'COPY ... PROGRAM runs a program on the server', word: 'program' };
  if (inner['filename'] === undefined) return undefined;
  return { why: `COPY ${from ? 'reads' : 'writes'} a file on the server` };
}

const roleOptions: Readonly<Record<string, string>> = {
  superuser: 'only superusers create superusers',
  isreplication: 'REPLICATION gives access to the data of every database',
  bypassrls: 'BYPASSRLS bypasses every row security policy',
};

function roleNeed(inner: Fields): Need | undefined {
  for (const option of optionsOf(inner['options'])) {
    const why = roleOptions[asText(option['defname']) ?? ''];
    const value = asNode(option['arg']);
    if (why && value && fields(value)['boolval'] === true) return { why };
  }
  return undefined;
}

const superuserSettings: ReadonlySet<string> = new Set([
  'session_replication_role',
  'lc_messages',
  'log_statement',
  'log_min_duration_statement',
  'log_min_messages',
  'log_duration',
  'zero_damaged_pages',
  'ignore_checksum_failure',
  'ignore_system_indexes',
  'allow_system_table_mods',
  'dynamic_library_path',
  'session_preload_libraries',
  'deadlock_timeout',
  'max_stack_depth',
  'temp_file_limit',
  'track_functions',
  'wal_compression',
]);

function settingNeed(inner: Fields): Need | undefined {
  const name = asText(inner['name']) ?? '';
  if (!superuserSettings.has(name)) return undefined;
  const allowed = name === 'session_replication_role' ? ' without GRANT SET ON PARAMETER' : '';
  return { why: `only superusers set ${name}${allowed}`, word: name };
}

const untrustedLanguages = /^(?:c|internal|plpython\d*u|plperlu|pltclu|plsh)$/i;

function languageNeed(inner: Fields): Need | undefined {
  for (const option of optionsOf(inner['options'])) {
    if (option['defname'] !== 'language') continue;
    const language = asText(asFields(asFields(option['arg'])?.['String'])?.['sval']) ?? '';
    if (untrustedLanguages.test(language)) {
      return { why: `code in ${language} has the rights of the server process`, word: language };
    }
  }
  return undefined;
}

function grantNeed(inner: Fields): Need | undefined {
  if (inner['is_grant'] !== true) return undefined;
  for (const role of asNodes(inner['granted_roles'])) {
    const name = asText(fieldsOf(role, 'AccessPriv')?.['priv_name']) ?? '';
    if (name.startsWith('pg_')) return { why: `only administrators of ${name} grant it`, word: name };
  }
  return undefined;
}

function triggersNeed(inner: Fields): Need | undefined {
  const all = asNodes(inner['cmds']).some((command) => /^AT_(?:Dis|En)ableTrigAll$/.test(String(fields(command)['subtype'])));
  return all ? { why: 'ALL includes the internal triggers of foreign keys' } : undefined;
}

function optionsOf(value: unknown): Fields[] {
  return asNodes(value).flatMap((option) => {
    const element = fieldsOf(option, 'DefElem');
    return element ? [element] : [];
  });
}

function placeOf({ statement }: StatementContext, word: string | undefined): TextRange {
  const token = word === undefined ? undefined : nameIn(statement, word);
  return token ? { start: token.start, end: token.end } : headOf(statement);
}
