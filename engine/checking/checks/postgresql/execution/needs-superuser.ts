import type { AlterRoleStmt, CopyStmt, CreateFunctionStmt, CreateRoleStmt, GrantRoleStmt, VariableSetStmt } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import { alterTableCommands, fieldsOf, fieldsOfEach, nodeEntry } from '../../../../databases/postgresql/sql/nodes';
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
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateExtensionStmt': {
      const name = inner.extname ?? '';
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
      return { why: 'CREATE LANGUAGE adds code to the server', word: inner.plname };
    case 'CreateFdwStmt':
      return { why: 'a foreign-data wrapper runs code in the server', word: inner.fdwname };
    case 'CreateTableSpaceStmt':
    case 'DropTableSpaceStmt':
      return { why: 'tablespaces are directories on the server' };
    case 'CreateSubscriptionStmt':
      return { why: 'subscriptions need pg_create_subscription or a superuser', word: inner.subname };
    case 'CreateCastStmt':
      return inner.func === undefined && inner.inout !== true ? { why: 'a cast without a function reinterprets bytes' } : undefined;
    case 'DefineStmt':
      return inner.kind === 'OBJECT_TYPE' && inner.definition ? { why: 'a new base type runs code in the server' } : undefined;
    case 'CreateOpClassStmt':
    case 'CreateOpFamilyStmt':
    case 'CreateAmStmt':
      return { why: 'a mistake can crash the server' };
    case 'AlterTableStmt':
      return triggersNeed(node);
    case 'CreatePublicationStmt':
      return inner.for_all_tables === true ? { why: 'FOR ALL TABLES publishes tables of every owner' } : undefined;
    default:
      return undefined;
  }
}

function copyNeed({ is_from: isFrom, is_program: isProgram, filename }: CopyStmt): Need | undefined {
  if (isProgram) return { why: 'COPY ... PROGRAM runs a program on the server', word: 'program' };
  return filename === undefined ? undefined : { why: `COPY ${isFrom ? 'reads' : 'writes'} a file on the server` };
}

const roleOptions: Readonly<Record<string, string>> = {
  superuser: 'only superusers create superusers',
  isreplication: 'REPLICATION gives access to the data of every database',
  bypassrls: 'BYPASSRLS bypasses every row security policy',
};

function roleNeed({ options }: CreateRoleStmt | AlterRoleStmt): Need | undefined {
  for (const { defname = '', arg } of fieldsOfEach(options, 'DefElem')) {
    const why = roleOptions[defname];
    if (why && fieldsOf(arg, 'Boolean')?.boolval) return { why };
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

function settingNeed({ name = '' }: VariableSetStmt): Need | undefined {
  if (!superuserSettings.has(name)) return undefined;
  const allowed = name === 'session_replication_role' ? ' without GRANT SET ON PARAMETER' : '';
  return { why: `only superusers set ${name}${allowed}`, word: name };
}

const untrustedLanguages = /^(?:c|internal|plpython\d*u|plperlu|pltclu|plsh)$/i;

function languageNeed({ options }: CreateFunctionStmt): Need | undefined {
  for (const { defname, arg } of fieldsOfEach(options, 'DefElem')) {
    if (defname !== 'language') continue;
    const language = fieldsOf(arg, 'String')?.sval ?? '';
    if (untrustedLanguages.test(language)) {
      return { why: `code in ${language} has the rights of the server process`, word: language };
    }
  }
  return undefined;
}

function grantNeed({ is_grant: isGrant, granted_roles: roles }: GrantRoleStmt): Need | undefined {
  if (!isGrant) return undefined;
  for (const { priv_name: name = '' } of fieldsOfEach(roles, 'AccessPriv')) {
    if (name.startsWith('pg_')) return { why: `only administrators of ${name} grant it`, word: name };
  }
  return undefined;
}

function triggersNeed(node: SqlNode): Need | undefined {
  const all = alterTableCommands(node).some(({ subtype }) => subtype === 'AT_DisableTrigAll' || subtype === 'AT_EnableTrigAll');
  return all ? { why: 'ALL includes the internal triggers of foreign keys' } : undefined;
}

function placeOf({ statement }: StatementContext, word: string | undefined): TextRange {
  const token = word === undefined ? undefined : nameIn(statement, word);
  return token ? { start: token.start, end: token.end } : headOf(statement);
}
