import type { Files } from '#engine/core/host';
import { overlayFiles } from '#engine/host/memory-files';
import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { uriOf } from './uris';

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

  /** The file was changed, created or deleted on disk. */
  forget(path: string): void {
    this.#texts.delete(path);
    this.#marks.delete(path);
    this.#lists.clear();
  }
}

function kept<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const result = read();
  known.set(key, result);
  result.catch(() => known.delete(key));
  return result;
}
