import type { Check } from '../check';

/** Reported by the runner itself, which alone knows which comments silenced something. */
export const check: Check = {
  id: 'unused-ignore',
  hazards: [],
  severity: 'hint',
  summary: 'Contains an ignore comment that silences nothing.',
};
