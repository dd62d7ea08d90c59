import { expect, it } from 'vitest';
import { sameButAliases, sameButCasts } from './near-same';

it.each([
  ['SELECT n.id FROM item n WHERE n.size > 0;', 'SELECT id FROM item WHERE size > 0;', true],
  ['SELECT n.id FROM shop.item AS n WHERE n.size > 0;', 'SELECT x.id FROM shop.item x WHERE x.size > 0;', true],
  ['SELECT i.id FROM item i JOIN owner o ON o.id = i.owner_id;', 'SELECT a.id FROM item a JOIN owner b ON b.id = a.owner_id;', true],
  ['SELECT i.id FROM item i JOIN owner o ON o.id = i.owner_id;', 'SELECT o.id FROM item i JOIN owner o ON o.id = i.owner_id;', false],
  ['SELECT a.id FROM item a JOIN item b ON a.id = b.up;', 'SELECT b.id FROM item a JOIN item b ON a.id = b.up;', false],
  ['UPDATE item SET size = n.size FROM fresh n;', 'UPDATE item SET size = size FROM fresh;', false],
  ['SELECT i.id FROM item i WHERE i.size > 0;', 'SELECT i.id FROM item i WHERE i.size > 1;', false],
  ['IF a IS DISTINCT FROM b AND c THEN x := 1; END IF;', 'IF a IS DISTINCT FROM b OR c THEN x := 1; END IF;', false],
  ['SELECT i FROM item i;', 'SELECT j FROM item j;', false],
  ["SELECT 'i.a' FROM item i WHERE i.id = 1;", "SELECT 'a' FROM item WHERE id = 1;", false],
])('takes %j and %j for one body but for aliases: %s', (before, after, same) => {
  expect(sameButAliases(before, after)).toBe(same);
});

it.each([
  ['USING btree (COALESCE(a, b))', 'USING btree (COALESCE(a::bigint, b))', true],
  ['USING btree (lower(kind::text))', 'USING btree (lower((kind)::character varying(20)))', true],
  ['USING btree (a, b)', 'USING btree (b, a)', false],
  ['USING btree (a)', 'USING btree (a)', false],
])('takes %j and %j for one definition but for casts: %s', (before, after, same) => {
  expect(sameButCasts(before, after)).toBe(same);
});
