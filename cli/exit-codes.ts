/** What the command line's exit status means; part of its contract (docs/command-line.md). */
export const exitCodes = {
  clean: 0,
  /** Findings at or above `--fail-on`; a failed verification. */
  findings: 1,
  /** Usage error, or input that cannot be read. */
  usage: 2,
  /** A run failed; the message says in which state the target is. */
  runFailed: 3,
} as const;
