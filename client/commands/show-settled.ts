import { contextKeys, setContextKey } from '../context-keys';
import type { Services } from '../services';

/** Puts the findings in settled migrations into the Problems view. */
export async function showSettled({ server }: Services): Promise<void> {
  await server.showSettled(true);
  await setContextKey(contextKeys.showsSettled, true);
}

/** Takes them out again: they are then faint hints in an open script. */
export async function hideSettled({ server }: Services): Promise<void> {
  await server.showSettled(false);
  await setContextKey(contextKeys.showsSettled, false);
}
