import { commands, Uri } from 'vscode';
import type { CheckPage } from '#protocol';
import type { Services } from '../services';

/** Opens the documentation of a check as a preview. */
export async function showCheck(_services: Services, value: unknown): Promise<void> {
  const { page } = value as CheckPage;
  await commands.executeCommand('markdown.showPreview', Uri.parse(page));
}
