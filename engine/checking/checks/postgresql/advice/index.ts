// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as autovacuumOff } from './autovacuum-off';
import { check as broadGrant } from './broad-grant';
import { check as columnAlignment } from './column-alignment';
import { check as constrainedDomain } from './constrained-domain';
import { check as constraintNotEnforced } from './constraint-not-enforced';
import { check as definerWithoutSearchPath } from './definer-without-search-path';
import { check as extensionSpecifics } from './extension-specifics';
import { check as foreignKeyAction } from './foreign-key-action';
import { check as foreignKeyWithoutIndex } from './foreign-key-without-index';
import { check as jsonColumn } from './json-column';
import { check as limitedVarchar } from './limited-varchar';
import { check as namingPolicy } from './naming-policy';
import { check as narrowKey } from './narrow-key';
import { check as paddedChar } from './padded-char';
import { check as redundantIndex } from './redundant-index';
import { check as rowSecurityIncomplete } from './row-security-incomplete';
import { check as serialKey } from './serial-key';
import { check as statementTimeoutMissing } from './statement-timeout-missing';
import { check as tableWithoutPrimaryKey } from './table-without-primary-key';
import { check as timestampWithoutZone } from './timestamp-without-zone';
import { check as unnamedConstraint } from './unnamed-constraint';
import { check as unpinnedExtension } from './unpinned-extension';
import { check as unqualifiedName } from './unqualified-name';
import { check as volatileCheckConstraint } from './volatile-check-constraint';

export const room: CheckRoom = {
  group: 'advice',
  checks: [
    autovacuumOff,
    broadGrant,
    columnAlignment,
    constrainedDomain,
    constraintNotEnforced,
    definerWithoutSearchPath,
    extensionSpecifics,
    foreignKeyAction,
    foreignKeyWithoutIndex,
    jsonColumn,
    limitedVarchar,
    namingPolicy,
    narrowKey,
    paddedChar,
    redundantIndex,
    rowSecurityIncomplete,
    serialKey,
    statementTimeoutMissing,
    tableWithoutPrimaryKey,
    timestampWithoutZone,
    unnamedConstraint,
    unpinnedExtension,
    unqualifiedName,
    volatileCheckConstraint,
  ],
};
