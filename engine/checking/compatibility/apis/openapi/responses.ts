import type { ApiImpact } from '../api-format';
import type { Draft, Headline } from './change';
import type { Part } from './description';
import { removal } from './lifecycle';
import { type OperationContext, report } from './operation-context';
import { compareContent } from './payloads';

/** Compares the responses of an operation: statuses, headers, bodies and links. */
export function compareResponses(context: OperationContext, older: Part, newer: Part): void {
  const [responses, newResponses] = [older.get('responses'), newer.get('responses')];
  const called = context.side.responses === 'sent';
  for (const response of statuses(responses)) {
    const other =
      newResponses?.get(response.name) ??
      newResponses?.get(`${response.name[0] ?? ''}XX`) ??
      newResponses?.get(`${response.name[0] ?? ''}xx`);
    if (other) compareResponse(context, response.resolved, other.resolved, response.name);
    else {
      const success = /^2/.test(response.name);
      if (!success && newResponses?.get('default')) continue;
      report(context, {
        id: success ? 'response-success-status-removed' : 'response-status-removed',
        impact: success || called ? 'breaking' : 'risky',
        message: (operations) => `The ${response.name} response of ${operations} is removed`,
        details: called ? 'Clients that answer with it are not understood.' : 'Clients that handle it get another status.',
        part: newResponses ?? newer,
        before: response,
      });
    }
  }
  for (const response of statuses(newResponses)) {
    const range = `${response.name[0] ?? ''}XX`;
    if (responses?.get(response.name) || responses?.get(range) || responses?.get(range.toLowerCase())) continue;
    if (/^\dXX$/i.test(response.name) && statuses(responses).some((other) => other.name[0] === response.name[0])) continue;
    if (!/^2/.test(response.name) && responses?.get('default')) continue;
    const impact: ApiImpact = /^2/.test(response.name) || called ? 'addition' : 'neutral';
    const message: Headline = (operations) => `The ${response.name} response of ${operations} is new`;
    report(context, { id: 'response-status-added', impact, message, part: response, before: responses ?? older });
  }
}

function statuses(responses: Part | undefined): Part[] {
  return (responses?.children ?? []).filter((response) => !response.name.startsWith('x-'));
}

function compareResponse(context: OperationContext, older: Part, newer: Part, status: string): void {
  compareHeaders(context, older, newer, status);
  compareContent(context, older, newer, {
    message: 'response',
    flow: context.side.responses,
    subject: (operations) => `The ${status} response body of ${operations}`,
  });
  const [links, newLinks] = [older.get('links'), newer.get('links')];
  for (const link of links?.children ?? []) {
    if (!newLinks?.get(link.name)) {
      const message: Headline = (operations) => `The link \`${link.name}\` of the ${status} response of ${operations} is removed`;
      report(context, { id: 'response-link-removed', impact: 'risky', message, part: newLinks ?? newer, before: link });
    }
  }
}

function compareHeaders(context: OperationContext, older: Part, newer: Part, status: string): void {
  const [headers, newHeaders] = [older.get('headers'), newer.get('headers')];
  const sent = context.side.responses === 'sent';
  const find = (part: Part | undefined, name: string) => part?.children.find((other) => other.name.toLowerCase() === name.toLowerCase());
  const subjectOf =
    (name: string): Headline =>
    (operations) =>
      `The ${status} response header \`${name}\` of ${operations}`;
  const say = (what: string, impact: ApiImpact, name: string, fact: string, part: Part, before: Part, more: Partial<Draft> = {}) =>
    report(context, {
      id: `response-header-${what}`,
      impact,
      message: (operations) => `${subjectOf(name)(operations)} ${fact}`,
      part,
      before,
      ...more,
    });
  for (const entry of headers?.children ?? []) {
    // The content says what this one says, and OpenAPI ignores it.
    if (entry.name.toLowerCase() === 'content-type') continue;
    const header = entry.resolved;
    const otherEntry = find(newHeaders, entry.name);
    const subject = subjectOf(entry.name);
    const required = header.fields.required === true;
    if (!otherEntry) {
      const impact = sent ? 'risky' : required ? 'breaking' : 'risky';
      const { text } = removal(header, context.changes.options);
      const details = `${sent ? 'A value that is sent is ignored or refused.' : 'Clients that read it do not find it.'} ${text}`;
      const more = { details, gone: header };
      say(required ? 'required-removed' : 'removed', impact, entry.name, 'is removed', newHeaders ?? newer, entry, more);
      continue;
    }
    const other = otherEntry.resolved;
    const [at, newAt] = [header.get('required') ?? header, other.get('required') ?? other];
    if (required && other.fields.required !== true)
      say('became-optional', sent ? 'addition' : 'breaking', entry.name, 'can now be missing', newAt, at);
    if (!required && other.fields.required === true)
      say('became-required', sent ? 'breaking' : 'neutral', entry.name, sent ? 'is now required' : 'is now always present', newAt, at);
    const [schema, newSchema] = [header.get('schema'), other.get('schema')];
    if (!schema || !newSchema) continue;
    const prefix = `${context.side.prefix}response-header`;
    context.schemas.compare(
      schema,
      newSchema,
      { flow: context.side.responses, where: prefix, inside: `${prefix}-property`, subject, path: '', text: 'separated' },
      context.from,
    );
  }
  for (const entry of newHeaders?.children ?? []) {
    if (entry.name.toLowerCase() === 'content-type' || find(headers, entry.name)) continue;
    const required = entry.resolved.fields.required === true;
    const isRequiredNow = sent && required;
    const fact = isRequiredNow ? 'is new and required' : 'is new';
    say('added', isRequiredNow ? 'breaking' : 'addition', entry.name, fact, entry, headers ?? older);
  }
}
