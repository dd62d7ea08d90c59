import { l10n } from 'vscode';
import type { RunEvent } from '#engine/running/plan';
import type { RunActivity } from './activity';

type ProgressEvent = Extract<RunEvent, { event: 'progress' }>;

/** `step 2 of 5, transform 0007_arousal (1,200 of 5,000 rows, 300/s, 13 s left)` */
export function progressMessage(event: ProgressEvent): string {
  const details = [rowDetails(event.rows), waitDetails(event.waiting)].filter((text) => text !== '').join(', ');
  const title = stepTitle(event);
  if (event.steps === 0) return details === '' ? title : l10n.t('{0} ({1})', title, details);
  return l10n.t('step {0} of {1}, {2}', event.step, event.steps, details === '' ? title : `${title} (${details})`);
}

/** The title of a step as it stands in a line: `transform 0007_arousal`. */
function stepTitle({ title }: Pick<ProgressEvent, 'title'>): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** `running step 2 of 9: transform 0007_arousal` */
export function runningText({ step }: RunActivity): string {
  if (step?.steps === 0) return stepTitle(step);
  return step ? l10n.t('running step {0} of {1}: {2}', step.step, step.steps, stepTitle(step)) : l10n.t('starting');
}

/** How far a run is, in per cent of its steps; the rows of a step count as parts of it. */
export function progressPercent({ step, steps, rows }: ProgressEvent): number {
  if (steps <= 0) return 0;
  const inStep = rows?.total ? Math.min(1, rows.done / rows.total) : 0;
  return Math.max(0, Math.min(100, ((step - 1 + inStep) / steps) * 100));
}

function rowDetails(rows: ProgressEvent['rows']): string {
  if (!rows) return '';
  const done = number(rows.done);
  return [
    rows.total === undefined ? l10n.t('{0} rows', done) : l10n.t('{0} of {1} rows', done, number(rows.total)),
    ...(rows.perSecond === undefined ? [] : [l10n.t('{0}/s', number(Math.round(rows.perSecond)))]),
    ...(rows.remainingMs === undefined ? [] : [l10n.t('{0} left', duration(rows.remainingMs))]),
  ].join(', ');
}

/** `850 ms`, `13 s`, `4 min`, `2 h 5 min` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function waitDetails(waiting: ProgressEvent['waiting']): string {
  return waiting ? l10n.t('waiting {0} for {1}', duration(waiting.ms), waiting.what) : '';
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
