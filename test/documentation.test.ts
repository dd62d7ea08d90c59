import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { problemCodes } from '#engine/core/problem';
import * as protocol from '#protocol';
import { checkFormats } from '../cli/output/formats';

const page = (name: string) => readFileSync(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), 'utf8');
const codesIn = (text: string) => [...text.matchAll(/^\| `([^`]+)` *\|/gm)].map((match) => match[1]);

it('describes every problem code and no other', () => {
  expect(codesIn(page('errors.md')).sort()).toEqual([...problemCodes].sort());
});

it('describes every custom method of the protocol and no other', () => {
  const methods = Object.values(protocol).filter((value) => typeof value === 'string');
  expect(codesIn(page('protocol.md')).sort()).toEqual(methods.sort());
});

it('names every command of the protocol', () => {
  const text = page('protocol.md');
  expect(Object.values(protocol.commands).filter((command) => !text.includes(`\`${command}\``))).toEqual([]);
});

it('names every form of the output of a check', () => {
  expect(codesIn(section(page('command-line.md'), '| form')).sort()).toEqual([...checkFormats].sort());
});

/** The table that begins with this text. */
function section(text: string, start: string): string {
  const at = text.indexOf(`\n${start}`) + 1;
  return text.slice(at, text.indexOf('\n\n', at));
}
