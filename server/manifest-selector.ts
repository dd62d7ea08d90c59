import { languageIds } from '#protocol';
import type { DocumentSelector } from 'vscode-languageserver';

/**
 * The documents that features are for which replace the editor's own: folding, colours, formatting. Asked for SQL they would take the
 * place of what other extensions do there, although they have no answer.
 */
export const manifestSelector: DocumentSelector = [
  { language: languageIds.manifest },
  { scheme: 'file', pattern: '**/upgrade.{yaml,yml}' },
  { scheme: 'file', pattern: '**/*.upgrade.{yaml,yml}' },
];
