import { describe, expect, it } from 'vitest';
import { compareStates, inWords, isRestored } from './compare-states';
import type { State } from './state';

const state = (objects: Readonly<Record<string, string>>, parent = 'public.item'): State =>
  new Map(Object.entries(objects).map(([object, definition]) => [object, { definition, parent }]));

const cosmetic: readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>][] = [
  ['the order of columns', { 'column order of public.item': 'id, size' }, { 'column order of public.item': 'size, id' }],
  ['a comment', {}, { 'comment on table public.item': 'things' }],
  ['the name of a constraint', { 'constraint a on public.item': 'UNIQUE (size)' }, { 'constraint b on public.item': 'UNIQUE (size)' }],
  [
    'the name of an index',
    { 'index public.a': 'CREATE INDEX a ON public.item USING btree (size)' },
    { 'index public.b': 'CREATE INDEX b ON public.item USING btree (size)' },
  ],
  ['white space in a body', { 'function public.f()': 'BEGIN RETURN 1; END' }, { 'function public.f()': 'BEGIN\n  RETURN 1 ;\nEND' }],
];

const real: readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>][] = [
  ['public.item.size was "integer" and is "bigint"', { 'column public.item.size': 'integer' }, { 'column public.item.size': 'bigint' }],
  [
    'order of public.pair was "a, b" and is "b, a"',
    { 'attribute order of public.pair': 'a, b' },
    { 'attribute order of public.pair': 'b, a' },
  ],
  ['public.state was "values', { 'enum public.state': "values 'new'" }, { 'enum public.state': "values 'new', 'old'" }],
  ['index public.a is missing', { 'index public.a': 'CREATE INDEX a ON public.item USING btree (size)' }, {}],
  ['function public.f() was', { 'function public.f()': 'RETURN 1' }, { 'function public.f()': 'RETURN 2' }],
  ['view public.v was', { 'view public.v': 'SELECT  1' }, { 'view public.v': 'SELECT 1' }],
  ['sequence public.s is left over', {}, { 'sequence public.s': 'as bigint' }],
];

describe('compareStates', () => {
  it.each(cosmetic)('takes %s for cosmetic', (_, before, after) => {
    const differences = compareStates(state(before), state(after));
    expect(differences).toHaveLength(1);
    expect(isRestored(differences)).toBe(true);
  });

  it.each(real)('says: %s', (words, before, after) => {
    const differences = compareStates(state(before), state(after));
    expect(isRestored(differences)).toBe(false);
    expect(differences.map(inWords).join()).toContain(words);
  });

  it('takes a constraint of another table for another constraint', () => {
    const differences = compareStates(
      state({ 'constraint a on public.item': 'UNIQUE (size)' }),
      state({ 'constraint a on public.shop': 'UNIQUE (size)' }, 'public.shop'),
    );
    expect(differences.map(({ kind }) => kind)).toEqual(['missing', 'left over']);
  });

  it('names a table alone where its columns are missing with it', () => {
    const before = { 'table public.item': '', 'column public.item.id': 'integer', 'column order of public.item': 'id' };
    expect(compareStates(state(before), state({})).map(({ object }) => object)).toEqual(['table public.item']);
  });
});
