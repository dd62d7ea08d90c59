import type { Files } from '#engine/core/host';

/** Passes questions on to other files and keeps what was asked, so that it is known later which changes matter to whoever asked. */
export class RecordedFiles {
  /** Files and folders whose text, bytes or kind was asked for, also those that were missing. */
  readonly asked = new Set<string>();
  /** Folders whose names were asked for. */
  readonly listed = new Set<string>();
  readonly files: Files;

  constructor(files: Files) {
    this.files = {
      ...files,
      readText: (path) => files.readText(this.#noted(path)),
      readBytes: (path) => files.readBytes(this.#noted(path)),
      hasMark: (path) => files.hasMark(this.#noted(path)),
      kind: (path) => files.kind(this.#noted(path)),
      list: (folder) => {
        this.listed.add(folder);
        return files.list(folder);
      },
    };
  }

  #noted(path: string): string {
    this.asked.add(path);
    return path;
  }
}
