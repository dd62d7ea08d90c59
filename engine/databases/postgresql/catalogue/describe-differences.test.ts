import { expect, it } from 'vitest';
import { describeDifference, describeDifferences } from './describe-differences';
import type { Described } from '../../fact';

const changed = (object: string, name: string, before?: string, after?: string, table?: string): Described => ({
  kind: 'changed',
  object,
  table,
  properties: [{ name, before, after }],
});
const column = (name: string, kind: Described['kind'] = 'missing'): Described => ({
  kind,
  object: `column public.item.${name}`,
  table: 'public.item',
});

it.each<[Described, string]>([
  [{ kind: 'left-over', object: 'index public.item_a' }, 'index item_a is left over'],
  [{ kind: 'missing', object: 'table shop.item' }, 'table shop.item is missing'],
  [{ kind: 'changed', object: 'relation public.item' }, 'relation item is different'],
  [{ kind: 'missing', object: 'rows public.item' }, 'rows of item are missing'],
  [{ kind: 'changed', object: 'rows public.item', columns: ['a', 'b'] }, 'values of item differ (a, b)'],
  [
    { kind: 'changed', object: 'constraint public.item.a', before: 'constraint public.item.a', after: 'constraint public.item.b' },
    'constraint item.a is now named item.b',
  ],
  [changed('column public.item.size', 'default', '0'), 'column item.size: the default was 0 and is now none'],
  [changed('column public.item.size', 'nullability', 'NOT NULL', 'nullable'), 'column item.size: was NOT NULL and is now nullable'],
  [changed('column public.item.size', 'storage', undefined, 'plain'), 'column item.size: the storage was the default and is now plain'],
  [changed('type public.mood', 'values', "'a'", "'a', 'b'"), "type mood: the values were 'a' and are now 'a', 'b'"],
  [changed('function public.f()', 'body', 'x'.repeat(100), 'SELECT 1'), 'function f(): the body is different'],
  [
    changed('view public.v', 'query', ' SELECT a\n   FROM item;', ' SELECT b\n   FROM item;'),
    'view v: the query was SELECT a FROM item; and is now SELECT b FROM item;',
  ],
  [changed('table public.item', 'privileges of app', 'SELECT'), 'table item: app could SELECT and no longer can'],
  [
    changed('table public.item', 'privileges of app', 'INSERT, SELECT', 'SELECT, UPDATE'),
    'table item: app could INSERT and no longer can, and can now UPDATE',
  ],
  [
    changed('sequence public.s', 'privileges of app', undefined, 'USAGE with grant option'),
    'sequence s: app can now use it (with grant option)',
  ],
])('%j', (difference, words) => {
  expect(describeDifference(difference)).toBe(words);
});

it('tells once what is of one type, one table and one kind', () => {
  expect(
    describeDifferences(
      ['a', 'b', 'c', 'd', 'e'].map((each) => column(each)),
      3,
    ),
  ).toBe('column item.a and 4 more columns of item are missing');
  expect(describeDifferences([column('a'), column('b')], 3)).toBe('column item.a is missing; column item.b is missing');
  const defaults = ['a', 'b', 'c'].map((each) => changed(`column public.item.${each}`, 'default', '0', undefined, 'public.item'));
  expect(describeDifferences(defaults, 3)).toBe('column item.a: the default was 0 and is now none; 2 more columns of item are different');
});

it('says how many are not told', () => {
  const tables = ['a', 'b', 'c'].map((each): Described => ({ kind: 'missing', object: `table public.${each}` }));
  expect(describeDifferences(tables, 2)).toBe('table a is missing; table b is missing; and 1 more difference');
  expect(describeDifferences(tables, 1)).toBe('table a is missing; and 2 more differences');
});
