import type { Logger } from '#engine/core/host';
import { ProblemError } from '#engine/core/problem';
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/** An error answer without data, or with the data that asks the client to pull diagnostics again. */
type Cancelled = ResponseError<never>;

/**
 * Every request handler goes through here: cancellation becomes the protocol's answer, a bug is logged and answered with
 * `neutral`, so that one broken feature never takes the others down.
 */
export async function runSafe<T>(
  logger: Logger,
  name: string,
  token: CancellationToken,
  neutral: T,
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T | Cancelled> {
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  if (token.isCancellationRequested) controller.abort();
  try {
    const result = await work(controller.signal);
    return controller.signal.aborted ? cancelledByClient() : result;
  } catch (error) {
    if (controller.signal.aborted) return cancelledByClient();
    if (error instanceof ProblemError && error.problem.code === 'cancelled') return overtakenByChange();
    logger.error(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return neutral;
  } finally {
    subscription.dispose();
  }
}

function cancelledByClient(): Cancelled {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

function overtakenByChange(): Cancelled {
  const data = { retriggerRequest: true } as never;
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'The text changed while the request was answered.', data);
}
