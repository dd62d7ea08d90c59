import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { type NameKind, namesIn } from '#engine/inputs/manifest/editing/names';
import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver';
import { toRange } from '../ranges';

/** The protocol's own kinds of token, so that every theme has colours for them. */
const kinds = ['class', 'number', 'function', 'property', 'enumMember', 'namespace', 'variable', 'keyword', 'string'] as const;

const kindOf: Readonly<Record<NameKind, (typeof kinds)[number]>> = {
  release: 'class',
  range: 'number',
  migration: 'function',
  feature: 'property',
  channel: 'namespace',
  api: 'property',
  format: 'property',
  system: 'namespace',
  target: 'variable',
  check: 'variable',
  stage: 'enumMember',
  phase: 'enumMember',
  severity: 'keyword',
  path: 'string',
};

export const semanticTokensLegend: SemanticTokensLegend = { tokenTypes: [...kinds], tokenModifiers: ['declaration', 'deprecated'] };

/** Colours what a manifest names: releases, ranges, migrations, features, stages and so on. Scripts keep the colours of SQL. */
export function semanticTokens(document: ManifestDocument): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  let end = 0;
  for (const { kind, text, range, isDefinition } of namesIn(document)) {
    if (range.start < end) continue;
    end = range.end;
    const { start, end: last } = toRange(document.text, range);
    if (start.line !== last.line) continue;
    const modifiers = (isDefinition ? 1 : 0) + (kind === 'stage' && (text === 'deprecated' || text === 'removed') ? 2 : 0);
    builder.push(start.line, start.character, last.character - start.character, kinds.indexOf(kindOf[kind]), modifiers);
  }
  return builder.build();
}
