/** What is used of the GraphQL libraries. Loaded only where there is GraphQL. */
export { diff, DiffRule } from '@graphql-inspector/core';
export {
  buildASTSchema,
  getNamedType,
  GraphQLError,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  Kind,
  KnownTypeNamesRule,
  parse,
  PossibleTypeExtensionsRule,
  Source,
  UniqueArgumentDefinitionNamesRule,
  UniqueEnumValueNamesRule,
  UniqueFieldDefinitionNamesRule,
  UniqueOperationTypesRule,
  UniqueTypeNamesRule,
  visit,
  visitInParallel,
} from 'graphql';
