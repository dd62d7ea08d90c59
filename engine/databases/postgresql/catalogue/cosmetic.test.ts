import { describe, expect, it } from 'vitest';
import { dumpedFacts, historyFacts, invalidIndexes, looseDefinition, recordedFacts } from './cosmetic';
import type { Fact, Properties } from '../../fact';

it.each([
  [
    "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
    "CHECK (((kind)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])))",
  ],
  ["DEFAULT '2026-01-01 00:00:00'::timestamp without time zone", "DEFAULT ('2026-01-01 00:00:00'::timestamp without time zone)"],
  ['(total)::numeric(10,2)', '(total)::numeric(10,2)'],
])('takes %s for the same definition as its reprint', (printed, reprinted) => {
  expect(looseDefinition(printed)).toBe(looseDefinition(reprinted));
});

it.each([
  ["CHECK (kind = 'a'::text)", "CHECK (kind = 'b'::text)"],
  ['a > 1', 'a >= 1'],
])('takes %s and %s for different definitions', (one, other) => {
  expect(looseDefinition(one)).not.toBe(looseDefinition(other));
});

const fact = (properties: Properties, group = 'public.t'): Fact => ({ properties, group, query: 0 });

describe('a record', () => {
  it('names objects in its own way and keeps nothing that administrators set', () => {
    const facts = new Map([
      ['view public.v', fact({ query: 'SELECT 1', tablespace: 'fast' }, 'public.v')],
      ['type public.pair', fact({ kind: '' }, 'public.pair')],
      ['type public.mood', fact({ kind: 'enum' }, 'type')],
      ['domain public.positive', fact({}, 'type')],
      ['constraint public.t.t_check', fact({ definition: 'CHECK (true)' })],
      ['column public.t.a', fact({ type: 'text', compression: 'lz4', 'statistics target': '5' })],
    ]);
    expect([...recordedFacts(facts)]).toEqual([
      ['relation public.v', { query: 'SELECT 1' }],
      ['relation public.pair', { kind: '' }],
      ['type public.mood', { kind: 'enum' }],
      ['type public.positive', {}],
      ['constraint t_check on public.t', { definition: 'CHECK (true)' }],
      ['column public.t.a', { type: 'text' }],
    ]);
  });

  it('of a history has no comments, no order of columns and no names of constraints', () => {
    const history = (...names: string[]) =>
      historyFacts(
        new Map([
          ...names.map((name, index) => [`constraint public.t.${name}`, fact({ definition: `CHECK ((a > ${index}))` })] as const),
          ['comment on table public.t', fact({ text: names.join() }, 'comment')],
          ['column order of public.t', fact({ order: names.join(), of: 'table' })],
        ]),
      );
    expect([...history('a', 'b').keys()]).toEqual(['constraint on public.t']);
    expect(history('a', 'b')).toEqual(history('x', 'y'));
    expect(historyFacts(new Map([['column order of public.pair', fact({ order: 'a, b', of: 'type' })]])).size).toBe(1);
  });
});

describe('a dump', () => {
  const index = (definition: string, validity: string): Properties => ({ definition, validity });
  const facts = new Map<string, Properties>([
    ['index public.broken', index('CREATE INDEX broken ON public.t USING btree (a)', 'invalid')],
    ['comment on index public.broken', { text: 'x' }],
    ['index public.of_all', index('CREATE INDEX of_all ON ONLY public.p USING btree (a)', 'invalid')],
  ]);

  it('leaves out invalid indexes of tables', () => {
    expect(invalidIndexes(facts)).toEqual(['public.broken']);
    expect([...dumpedFacts(facts).keys()]).toEqual(['index public.of_all']);
  });

  it('may make an index of a partitioned table valid', () => {
    const restored = new Map([['index public.of_all', index('CREATE INDEX of_all ON ONLY public.p USING btree (a)', 'valid')]]);
    expect(dumpedFacts(facts)).toEqual(dumpedFacts(restored));
  });
});
