import type { Progress, ReportProgress } from '#engine/core/host';
import type { Style } from './output/style';
import type { Terminal } from './terminal';

/** How often a line says that something is still waited for, where lines are not rewritten. */
const remindMs = 10_000;

/** One line that is rewritten in place on a terminal; on anything else, a line for each new title. What is waited for gets lines of its own. */
export function progressLine(terminal: Terminal, style: Style): { report: ReportProgress; done(): void } {
  let shown = '';
  let lastTitle = '';
  let lastWait: Progress['waiting'];
  const clear = (): void => {
    if (terminal.isInteractive && shown) terminal.err(`\r${' '.repeat(shown.length)}\r`);
    shown = '';
  };
  return {
    report(progress) {
      const text = describe(progress);
      const { waiting } = progress;
      const isNewWait = waiting !== undefined && waiting.what !== lastWait?.what;
      const isLong = waiting !== undefined && lastWait !== undefined && waiting.ms >= lastWait.ms + remindMs;
      if (isNewWait || (isLong && !terminal.isInteractive)) {
        clear();
        terminal.err(`${text}\n`);
        lastWait = waiting;
      } else if (terminal.isInteractive) {
        const line = text.slice(0, terminal.columns - 1);
        terminal.err(`\r${style.dim(line)}${' '.repeat(Math.max(0, shown.length - line.length))}`);
        shown = line;
      } else if (progress.title !== lastTitle) {
        terminal.err(`${text}\n`);
      }
      if (!waiting) lastWait = undefined;
      lastTitle = progress.title;
    },
    done: clear,
  };
}

/** `[3/9] Fill arousal: 4,000 of 10,000 rows, 2,500 rows/s, 2 s left`; `[3/9] Apply 0004: waiting 12 s for the Share lock on orders, ...` */
function describe({ step, steps, title, rows, waiting }: Progress): string {
  const parts: string[] = [];
  if (rows) {
    const total = rows.total === undefined ? '' : ` of ${rows.total.toLocaleString('en')}`;
    parts.push(`${rows.done.toLocaleString('en')}${total} rows`);
    if (rows.perSecond !== undefined) parts.push(`${Math.round(rows.perSecond).toLocaleString('en')} rows/s`);
    if (rows.remainingMs !== undefined) parts.push(`${Math.ceil(rows.remainingMs / 1000)} s left`);
  }
  if (waiting) parts.push(`waiting ${waiting.ms < 1000 ? '' : `${Math.floor(waiting.ms / 1000)} s `}for ${waiting.what}`);
  return `${steps > 0 ? `[${step}/${steps}] ` : ''}${title}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}
