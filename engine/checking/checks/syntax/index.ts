// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { check as byteOrderMark } from './byte-order-mark';
import { check as cutAtSemicolon } from './cut-at-semicolon';
import { check as syntaxError } from './syntax-error';
import { check as unusedIgnore } from './unused-ignore';

export const room: CheckRoom<unknown> = { group: 'syntax', checks: [byteOrderMark, cutAtSemicolon, syntaxError, unusedIgnore] };
