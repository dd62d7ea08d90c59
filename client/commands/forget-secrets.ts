import { l10n, window } from 'vscode';
import type { Services } from '../services';

/** Deletes the values of environment variables that were entered for this workspace. */
export async function forgetSecrets({ secrets }: Services): Promise<void> {
  const count = await secrets.forget();
  window.setStatusBarMessage(l10n.t('{0} stored values deleted', count), 5000);
}
