import type { StatementContext } from '../../../context/context';
import { settingInForce } from './settings-in-force';
import type { TypeChange } from './type-changes';

/** True for a change between timestamp and timestamptz that leaves the zone to the session. */
export function timeZoneDecides({ before, type, using }: TypeChange): boolean {
  const names = [before?.type.name, type.name];
  return !using && names.includes('timestamp') && names.includes('timestamptz');
}

/** True when the script sets the session's TimeZone to UTC before the statement. */
export function setsTimeZoneToUtc(context: StatementContext): boolean {
  return /^(?:utc|gmt|etc\/utc|0)$/i.test(settingInForce(context, 'timezone') ?? '');
}
