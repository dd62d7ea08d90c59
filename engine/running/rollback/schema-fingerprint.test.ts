import { describe, expect, test } from 'vitest';
import { describeDifference } from '../../databases/postgresql/shadow/describe-differences';
import { schemaDifferences } from './schema-fingerprint';

const state = (objects: Record<string, string>) => ({ fingerprint: '', objects });

describe('differences of two schemas', () => {
  test('name what is missing, left over and different, and a whole table once', () => {
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
});
