import * as z from 'zod';
import { manifestSchema } from './schema';

/**
 * The JSON Schema (draft 7, the one that YAML editors know) of what may be written in a manifest.
 * Text values may be written as bare numbers where they look like one: `minimum: 15`, `version: 1.10`.
 */
export function manifestJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(manifestSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      const isPlainText = jsonSchema.type === 'string' && jsonSchema.enum === undefined && jsonSchema.const === undefined;
      if (isPlainText && jsonSchema.format === undefined) jsonSchema.type = ['string', 'number'] as unknown as 'string';
    },
  });
  return schema as Record<string, unknown>;
}

/** The text of docs/manifest.schema.json. */
export function manifestJsonSchemaText(): string {
  return `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
}
