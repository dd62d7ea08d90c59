import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe-differences';
import { compareFacts, compareRows, schemaDifferences, schemaDrift } from './differences';
import type { Fact } from '../../fact';
import type { SchemaState } from '../../schema-state';

const fact = (definition: string, group = 'public.t', query = 0): Fact => ({ properties: { definition }, group, query });

it('pairs a constraint that only has another name, and only within its table', () => {
  const before = new Map([['constraint public.t.a', fact('CHECK (x)')]]);
  expect(compareFacts(before, new Map([['constraint public.t.b', fact('CHECK (x)')]]))).toEqual([
    {
      kind: 'changed',
      object: 'constraint public.t.a',
      table: 'public.t',
      before: 'constraint public.t.a',
      after: 'constraint public.t.b',
      cosmetic: true,
    },
  ]);
  expect(compareFacts(before, new Map([['constraint public.u.a', fact('CHECK (x)', 'public.u')]])).map((each) => each.kind)).toEqual([
    'missing',
    'left-over',
  ]);
});

it('ignores the name inside the definition of an index', () => {
  const before = new Map([['index public.i', fact('CREATE UNIQUE INDEX i ON public.t USING btree (a)')]]);
  const after = new Map([['index public."J k"', fact('CREATE UNIQUE INDEX "J k" ON public.t USING btree (a)')]]);
  expect(compareFacts(before, after).map((each) => each.cosmetic)).toEqual([true]);
});

it('does not list the columns of a table that is missing as a whole, but those of one with a longer name', () => {
  const before = new Map([
    ['table public.t', fact('r')],
    ['column public.t.a', fact('integer')],
    ['column public.tt.a', fact('integer', 'public.tt')],
  ]);
  expect(compareFacts(before, new Map()).map((each) => each.object)).toEqual(['table public.t', 'column public.tt.a']);
});

it('says nothing about what only one side was asked', () => {
  const before = Object.assign(new Map([['table public.t', fact('r', 'public.t', 3)]]), { queries: new Set([3]) });
  const after = Object.assign(new Map<string, Fact>(), { queries: new Set([4]) });
  expect(compareFacts(before, after)).toEqual([]);
});

it.each([
  ['BEGIN RETURN 1 ; END', 'BEGIN\n  RETURN 1;\nEND', true],
  ['SELECT f( a,b )', 'SELECT f(a, b)', true],
  ["SELECT 'a  b'", "SELECT 'a b'", false],
  ["SELECT E'it\\'s  a'", "SELECT E'it\\'s a'", false],
  ['SELECT 1 -- one', 'SELECT 1\n-- one  ', true],
  ['SELECT a b', 'SELECT ab', false],
  ['SELECT 1', 'SELECT 1 -- one', false],
])('takes %j and %j for one body: %s', (a, b, cosmetic) => {
  const body = (text: string) => new Map([['function public.f()', { ...fact(''), properties: { body: text } }]]);
  expect(compareFacts(body(a), body(b)).map((each) => each.cosmetic)).toEqual([cosmetic]);
});

const rows = (all: string, columns: Record<string, string> = {}) => ({ all, columns: new Map(Object.entries(columns)) });

it('compares the rows of the tables that were there, and says in which columns they changed', () => {
  const before = new Map([
    ['public.changed', rows('2:17', { a: '1', b: '2', c: '3' })],
    ['public.emptied', rows('1:5', { a: '1' })],
    ['public.filled', rows('0:0')],
    ['public.same', rows('3:9', { a: '1' })],
    ['public.empty_and_dropped', rows('0:0')],
  ]);
  const after = new Map([
    ['public.changed', rows('2:18', { a: '1', b: '7', d: '4' })],
    ['public.emptied', rows('0:0')],
    ['public.filled', rows('1:4', { a: '1' })],
    ['public.same', rows('3:9', { a: '1' })],
    ['public.new', rows('1:1', { a: '1' })],
  ]);
  expect(compareRows(before, after).map(({ kind, object, columns }) => [kind, object, columns])).toEqual([
    ['changed', 'rows public.changed', ['b', 'c']],
    ['missing', 'rows public.emptied', undefined],
    ['left-over', 'rows public.filled', undefined],
  ]);
});

const state = (objects: Record<string, string>) => ({ fingerprint: '', objects });

describe('differences of two schemas', () => {
  it('name what is missing, left over and different, and a whole table once', () => {
    const before = state({ 'relation public.a': '1', 'column public.a.x': '1', 'column public.a.y': '1', 'constraint on public.a': '1' });
    const after = state({
      'relation public.a': '1',
      'column public.a.x': '2',
      'constraint on public.a': '1',
      'relation public.b': '1',
      'column public.b.x': '1',
      'constraint on public.b': '1',
      'index public.b_i': '1',
    });
    expect(schemaDifferences(before, after).map(describeDifference)).toEqual([
      'column a.x is different',
      'column a.y is missing',
      'index b_i is left over',
      'relation b is left over',
    ]);
    expect(schemaDifferences(before, before)).toEqual([]);
  });

  it('do not list an invalid index that is gone, but one that is left over', () => {
    const [without, invalid, valid] = [state({}), state({ 'index public.i': '1 invalid' }), state({ 'index public.i': '2' })];
    const told = (one: SchemaState, other: SchemaState) => schemaDifferences(one, other).map(describeDifference);
    expect(told(invalid, without)).toEqual([]);
    expect(told(without, invalid)).toEqual(['index i is left over']);
    expect(told(valid, without)).toEqual(['index i is missing']);
    expect(told(invalid, state({ 'index public.i': '1' }))).toEqual([]);
  });

  it('name a whole table instead of its indexes and sequences', () => {
    const after = state({ 'relation public.a': '1', 'index public.a_pkey': '2 of public.a', 'sequence public.a_id_seq': '3 of public.a' });
    expect(schemaDifferences(state({}), after).map(describeDifference)).toEqual(['relation a is left over']);
    expect(schemaDrift(state({}), after)).toEqual([
      { kind: 'left-over', object: 'relation public.a', table: undefined, name: 'relation a', found: after.objects },
    ]);
    const without = state({ 'relation public.a': '1' });
    expect(schemaDrift(after, without).map(({ name, found }) => [name, found])).toEqual([
      ['index a_pkey', { 'index public.a_pkey': null }],
      ['sequence a_id_seq', { 'sequence public.a_id_seq': null }],
    ]);
  });

  it('are no drift in partitions, statistics and versions of extensions, nor where an index was left invalid', () => {
    const before = state({ 'relation public.p1': '1 partition', 'index public.p1_i': '1 partition of public.p1', 'extension x': '1' });
    const after = state({
      'relation public.p2': '1 partition',
      'extension x': '2',
      'statistics public.s': '1 of public.t',
      'index public.i': '1 invalid of public.t',
    });
    expect(schemaDifferences(before, after)).toHaveLength(5);
    expect(schemaDrift(before, after)).toEqual([]);
    expect(schemaDrift(state({}), state({ 'extension x': '2' }))).toHaveLength(1);
  });

  it('do not list the order of columns beside the column that changed it', () => {
    const before = state({ 'relation public.pair': '1', 'column public.pair.a': '1', 'column order of public.pair': '1' });
    const after = state({ ...before.objects, 'column public.pair.b': '1', 'column order of public.pair': '2' });
    expect(schemaDifferences(before, after).map(describeDifference)).toEqual(['column pair.b is left over']);
    expect(schemaDifferences(before, state({})).map(describeDifference)).toEqual(['relation pair is missing']);
  });
});
