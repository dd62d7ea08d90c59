// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { check as foreignIgnoreComment } from './foreign-ignore-comment';

export const room: CheckRoom<unknown> = { group: 'advice', checks: [foreignIgnoreComment] };
