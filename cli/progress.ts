import type { Progress, ReportProgress } from '#engine/core/host';
import type { Style } from './output/style';
import type { Terminal } from './terminal';

/** One line that is rewritten in place on a terminal; on anything else, a line for each new title. */
export function progressLine(terminal: Terminal, style: Style): { report: ReportProgress; done(): void } {
  let shown = '';
  let lastTitle = '';
  return {
    report(progress) {
      const text = describe(progress);
      if (terminal.isInteractive) {
        const line = text.slice(0, terminal.columns - 1);
        terminal.err(`\r${style.dim(line)}${' '.repeat(Math.max(0, shown.length - line.length))}`);
        shown = line;
      } else if (progress.title !== lastTitle) {
        terminal.err(`${text}\n`);
      }
      lastTitle = progress.title;
    },
    done() {
      if (terminal.isInteractive && shown) terminal.err(`\r${' '.repeat(shown.length)}\r`);
      shown = '';
    },
  };
}

/** `[3/9] Fill arousal: 4,000 of 10,000 rows, 2,500 rows/s, 2 s left`. */
function describe({ step, steps, title, rows }: Progress): string {
  const parts: string[] = [];
  if (rows) {
    const total = rows.total === undefined ? '' : ` of ${rows.total.toLocaleString('en')}`;
    parts.push(`${rows.done.toLocaleString('en')}${total} rows`);
    if (rows.perSecond !== undefined) parts.push(`${Math.round(rows.perSecond).toLocaleString('en')} rows/s`);
    if (rows.remainingMs !== undefined) parts.push(`${Math.ceil(rows.remainingMs / 1000)} s left`);
  }
  return `[${step}/${steps}] ${title}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}
