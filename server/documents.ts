import type { Files } from '#engine/core/host';
import { parentFolder } from '#engine/core/paths';
import { overlayFiles } from '#engine/host/memory-files';
import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isAtOrBelow, selfAndAncestors } from './ancestors';
import { pathOf, uriOf } from './uris';

/** The disk with the editor's open documents over it. What was read from disk is kept until the editor says that it changed. */
export class OpenDocuments {
  readonly files: Files;
  readonly #texts = new Map<string, Promise<string>>();
  readonly #marks = new Map<string, Promise<boolean>>();
  readonly #lists = new Map<string, Promise<string[]>>();

  constructor(
    disk: Files,
    readonly documents: TextDocuments<TextDocument>,
  ) {
    const cached: Files = {
      ...disk,
      readText: (path) => kept(this.#texts, path, () => disk.readText(path)),
      hasMark: (path) => kept(this.#marks, path, () => disk.hasMark(path)),
      list: (folder) => kept(this.#lists, folder, () => disk.list(folder)),
    };
    this.files = overlayFiles(cached, (path) => this.openText(path));
  }

  /** The text of an open document, as the editor shows it. */
  openText(path: string): string | undefined {
    return this.documents.get(uriOf(path))?.getText();
  }

  /** The paths of the documents that are open, the last opened last. */
  openPaths(): string[] {
    return this.documents.keys().flatMap((uri) => pathOf(uri) ?? []);
  }

  /** Whether a document that is open or was just closed reads as what is known of the disk. */
  async isAsOnDisk(path: string, text: string): Promise<boolean> {
    const known = await this.#texts.get(path)?.catch(() => undefined);
    return known === text.replace(/^\uFEFF/, '');
  }

  /** Files or folders were changed, created or deleted on disk; of a folder everything in it as well. */
  forget(paths: ReadonlySet<string>): void {
    for (const path of paths) for (const folder of selfAndAncestors(parentFolder(path))) this.#lists.delete(folder);
    for (const known of [this.#texts, this.#marks, this.#lists]) {
      for (const path of known.keys()) if (isAtOrBelow(path, paths)) known.delete(path);
    }
  }

  forgetAll(): void {
    this.#texts.clear();
    this.#marks.clear();
    this.#lists.clear();
  }
}

function kept<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const result = read();
  known.set(key, result);
  result.catch(() => {
    if (known.get(key) === result) known.delete(key);
  });
  return result;
}
