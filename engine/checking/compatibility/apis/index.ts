import type { ApiFormat, ApiKind } from './api-format';
import { graphqlFormat } from './graphql/graphql-format';
import { jsonSchemaFormat } from './json-schema/json-schema-format';
import { openApiFormat } from './openapi/openapi-format';
import { protobufFormat } from './protobuf/protobuf-format';

/** Every kind of description, in the order in which a file is tried. */
const apiFormats: readonly ApiFormat[] = [openApiFormat, graphqlFormat, jsonSchemaFormat, protobufFormat];

/** The format of a description by its name or its first keys; undefined when none recognises it. */
export function apiFormatOf(file: string, text: string): ApiFormat | undefined {
  return apiFormats.find((format) => format.recognises(file, text));
}

export function apiFormatOfKind(kind: ApiKind): ApiFormat | undefined {
  return apiFormats.find((format) => format.kind === kind);
}
