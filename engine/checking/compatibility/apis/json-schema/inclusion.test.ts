import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ApiDocument } from '../api-format';
import { refusals } from './inclusion';
import { bundleOf } from './schema-bundle';
import { isValid } from './valid-value';

type Json = unknown;
type Schema = boolean | Record<string, unknown>;

function root(file: string, schema: Schema) {
  const document: ApiDocument = { kind: 'json-schema', file, sources: new Map([[file, JSON.stringify(schema)]]) };
  return bundleOf(document).root;
}

const names = fc.constantFrom('a', 'b', 'x1');
const scalar = fc.constantFrom<Json>(null, true, 0, 1, 2.5, 6, '', 'a', 'bcd');
const value = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof({ maxDepth: 2 }, scalar, fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(names, tie('any'), { maxKeys: 3 })),
})).any;

const small = fc.nat({ max: 3 });
const typeNames = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
const schema = fc.letrec<{ any: Schema }>((tie) => {
  const some = fc.record(
    {
      type: fc.oneof(fc.constantFrom(...typeNames), fc.uniqueArray(fc.constantFrom(...typeNames), { minLength: 1, maxLength: 3 })),
      enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
      const: scalar,
      minimum: small,
      exclusiveMaximum: small,
      multipleOf: fc.constantFrom(1, 2, 0.5),
      minLength: small,
      maxLength: small,
      pattern: fc.constantFrom('^a', 'b'),
      minItems: small,
      maxItems: small,
      uniqueItems: fc.boolean(),
      items: tie('any'),
      prefixItems: fc.array(tie('any'), { minLength: 1, maxLength: 2 }),
      contains: tie('any'),
      minContains: small,
      properties: fc.dictionary(names, tie('any'), { maxKeys: 2 }),
      patternProperties: fc.dictionary(fc.constantFrom('^a', '\\d'), tie('any'), { maxKeys: 1 }),
      additionalProperties: tie('any'),
      unevaluatedProperties: tie('any'),
      propertyNames: fc.constantFrom<Schema>({ maxLength: 1 }, { enum: ['a', 'b'] }, true),
      required: fc.uniqueArray(names, { maxLength: 2 }),
      minProperties: small,
      maxProperties: small,
      dependentRequired: fc.dictionary(names, fc.uniqueArray(names, { maxLength: 1 }), { maxKeys: 1 }),
      dependentSchemas: fc.dictionary(names, tie('any'), { maxKeys: 1 }),
      allOf: fc.array(tie('any'), { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(tie('any'), { minLength: 1, maxLength: 2 }),
      oneOf: fc.array(tie('any'), { minLength: 1, maxLength: 2 }),
      not: tie('any'),
      if: tie('any'),
      then: tie('any'),
      else: tie('any'),
      $ref: fc.constantFrom('#/$defs/list', '#/$defs/tree'),
    },
    { requiredKeys: [] },
  );
  const few = some.chain((full) =>
    fc
      .subarray(Object.keys(full), { maxLength: 3 })
      .map((keys) => Object.fromEntries(keys.map((key) => [key, full[key as keyof typeof full]]))),
  );
  return {
    any: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'schema' },
      { weight: 1, arbitrary: fc.boolean() },
      { weight: 6, arbitrary: few as fc.Arbitrary<Schema> },
    ),
  };
}).any;

const definitions = {
  list: { anyOf: [{ type: 'null' }, { type: 'object', properties: { a: { $ref: '#/$defs/list' } }, required: ['a'] }] },
  tree: {
    type: ['object', 'null'],
    properties: { a: { $ref: '#/$defs/tree' }, b: { $ref: '#/$defs/tree' } },
    additionalProperties: false,
  },
};
function rooted(part: Schema): Schema {
  const whole = typeof part === 'boolean' ? { allOf: [part] } : part;
  return { ...whole, $defs: definitions };
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, logger: false });

function validator(schema: Schema): ((value: Json) => boolean) | undefined {
  try {
    const validate = ajv.compile(schema);
    return (each) => {
      try {
        return validate(each) as boolean;
      } catch {
        return true;
      }
    };
  } catch {
    return undefined;
  }
}

/** One keyword removed or taken from another schema somewhere on the top: most such pairs have much in common. */
const pairs = fc.tuple(schema, schema, fc.nat(), fc.boolean()).map(([a, b, choice, takes]): [Schema, Schema] => {
  if (typeof a === 'boolean' || typeof b === 'boolean') return [a, b];
  const keys = Object.keys(takes ? b : a);
  const key = keys[choice % Math.max(1, keys.length)];
  if (key === undefined) return [a, b];
  return takes ? [a, { ...a, [key]: b[key] }] : [a, Object.fromEntries(Object.entries(a).filter(([name]) => name !== key))];
});

const numRuns = Number(process.env['MEM8_RUNS'] ?? 120);

it('says of no document that is refused that every one is accepted', () => {
  let compatible = 0;
  fc.assert(
    fc.property(fc.oneof(pairs, fc.tuple(schema, schema)), fc.array(value, { minLength: 12, maxLength: 12 }), ([a, b], values) => {
      const [older, newer] = [root('/old.json', rooted(a)), root('/new.json', rooted(b))];
      if (refusals(older, newer).length > 0) return;
      compatible++;
      // That this judges values rightly is the last test's part.
      for (const each of values) if (isValid(older, each) === true) expect(isValid(newer, each), JSON.stringify(each)).not.toBe(false);
    }),
    { numRuns: 4 * numRuns },
  );
  expect(compatible).toBeGreaterThan(numRuns / 4);
});

it('finds a schema compatible with itself, and everything with true', () => {
  fc.assert(
    fc.property(schema, (each) => {
      expect(refusals(root('/old.json', rooted(each)), root('/new.json', rooted(each)))).toEqual([]);
      expect(refusals(root('/old.json', rooted(each)), root('/new.json', true))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

it('judges values as a validator does', () => {
  fc.assert(
    fc.property(schema, value, (each, instance) => {
      const validate = validator(rooted(each));
      const verdict = isValid(root('/a.json', rooted(each)), instance);
      if (validate && verdict !== undefined) expect(verdict).toBe(validate(instance));
    }),
    { numRuns },
  );
});
