import { expect, it } from 'vitest';
import { parseManifest } from '#engine/inputs/manifest/parse';
import { memoryFiles } from '#engine/host/memory-files';
import { applyWorkspaceEdit } from '../testing/apply-workspace-edit';
import { formatting } from './formatting';

async function formatted(text: string) {
  const path = '/project/upgrade.yaml';
  const files = memoryFiles({ [path]: text });
  const edits = formatting(parseManifest(path, text));
  await applyWorkspaceEdit({ files }, { documentChanges: [{ textDocument: { uri: `file://${path}`, version: null }, edits }] });
  return { edits, text: await files.readText(path) };
}

it.each(['\n', '\r\n'])('formats a manifest with line ends %j', async (eol) => {
  const text = ['manifest:  1', 'system: s # 😀', '', '', 'releases:', '- version:   1.0.0', ''].join(eol);
  const expected = ['manifest: 1', 'system: s # 😀', '', 'releases:', '  - version: 1.0.0', ''].join(eol);
  expect((await formatted(text)).text).toBe(expected);
  expect((await formatted(expected)).edits).toEqual([]);
});

it('edits only what differs', async () => {
  const { edits } = await formatted('manifest: 1\nsystem:   s\nreleases: []\n');
  expect(edits).toHaveLength(1);
  expect(edits[0]).toMatchObject({ newText: '', range: { start: { line: 1 }, end: { line: 1 } } });
});
