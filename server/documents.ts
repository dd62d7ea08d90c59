import type { Files } from '#engine/core/host';
import { overlayFiles } from '#engine/host/memory-files';
import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { uriOf } from './uris';

/** The disk with the editor's open documents over it. Texts read from disk are kept until the editor says that they changed. */
export class OpenDocuments {
  readonly files: Files;
  readonly #cache = new Map<string, Promise<string>>();

  constructor(
    disk: Files,
    readonly documents: TextDocuments<TextDocument>,
  ) {
    const cached: Files = {
      ...disk,
      readText: (path) => {
        let text = this.#cache.get(path);
        if (!text) {
          text = disk.readText(path);
          this.#cache.set(path, text);
          text.catch(() => this.#cache.delete(path));
        }
        return text;
      },
    };
    this.files = overlayFiles(cached, (path) => this.openText(path));
  }

  /** The text of an open document, as the editor shows it. */
  openText(path: string): string | undefined {
    return this.documents.get(uriOf(path))?.getText();
  }

  forget(path: string): void {
    this.#cache.delete(path);
  }
}
