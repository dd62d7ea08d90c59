import type { ManifestDocument } from './document';
import { parseManifest } from './parse';

const known = new Map<string, ManifestDocument>();
const rememberedAtMost = 50;

/**
 * As `parseManifest`, for those who read the same manifests again at every keystroke: the same object while the text is the same,
 * so that what is remembered by a manifest holds as well.
 */
export function knownManifest(path: string, text: string): ManifestDocument {
  const before = known.get(path);
  if (before?.text === text) return before;
  const document = parseManifest(path, text);
  known.delete(path);
  known.set(path, document);
  for (const oldest of known.keys()) {
    if (known.size <= rememberedAtMost) break;
    known.delete(oldest);
  }
  return document;
}
