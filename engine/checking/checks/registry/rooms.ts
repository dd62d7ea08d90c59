// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { room as advice } from '../advice/index';
import { room as clients } from '../clients/index';
import { room as data } from '../data/index';
import { room as history } from '../history/index';
import { room as manifest } from '../manifest/index';
import { room as postgresqlAdvice } from '../postgresql/advice/index';
import { room as postgresqlClients } from '../postgresql/clients/index';
import { room as postgresqlData } from '../postgresql/data/index';
import { room as postgresqlExecution } from '../postgresql/execution/index';
import { room as postgresqlHistory } from '../postgresql/history/index';
import { room as postgresqlLocks } from '../postgresql/locks/index';
import { room as postgresqlManifest } from '../postgresql/manifest/index';
import { room as postgresqlRollback } from '../postgresql/rollback/index';
import { room as postgresqlSyntax } from '../postgresql/syntax/index';
import { room as syntax } from '../syntax/index';

export const rooms: readonly CheckRoom[] = [
  advice,
  clients,
  data,
  history,
  manifest,
  postgresqlAdvice,
  postgresqlClients,
  postgresqlData,
  postgresqlExecution,
  postgresqlHistory,
  postgresqlLocks,
  postgresqlManifest,
  postgresqlRollback,
  postgresqlSyntax,
  syntax,
];
