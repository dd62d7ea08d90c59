import type { ApiImpact } from '../api-format';
import type { Part } from './description';
import { removal } from './lifecycle';
import { type OperationContext, report } from './operations';
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
      const impact: ApiImpact = success || called ? 'breaking' : 'risky';
      const text = called
        ? `The status ${response.name} is no longer among the responses: receivers that return it are not understood.`
        : `The status ${response.name} is no longer among the responses: clients that expect it get another status.`;
      report(
        context,
        success ? 'response-success-status-removed' : 'response-status-removed',
        impact,
        text,
        newResponses ?? newer,
        response,
      );
    }
  }
  for (const response of statuses(newResponses)) {
    const range = `${response.name[0] ?? ''}XX`;
    if (responses?.get(response.name) || responses?.get(range) || responses?.get(range.toLowerCase())) continue;
    if (/^\dXX$/i.test(response.name) && statuses(responses).some((other) => other.name[0] === response.name[0])) continue;
    if (!/^2/.test(response.name) && responses?.get('default')) continue;
    const impact: ApiImpact = /^2/.test(response.name) || called ? 'addition' : 'neutral';
    report(context, 'response-status-added', impact, `The status ${response.name} is a new response.`, response, responses ?? older);
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
    subject: `The body of the response ${status}`,
  });
  const [links, newLinks] = [older.get('links'), newer.get('links')];
  for (const link of links?.children ?? []) {
    if (!newLinks?.get(link.name)) {
      report(
        context,
        'response-link-removed',
        'risky',
        `The link ${link.name} of the response ${status} was removed.`,
        newLinks ?? newer,
        link,
      );
    }
  }
}

function compareHeaders(context: OperationContext, older: Part, newer: Part, status: string): void {
  const [headers, newHeaders] = [older.get('headers'), newer.get('headers')];
  const sent = context.side.responses === 'sent';
  const find = (part: Part | undefined, name: string) => part?.children.find((other) => other.name.toLowerCase() === name.toLowerCase());
  const say = (id: string, impact: ApiImpact, message: string, part: Part, before: Part, gone?: Part) =>
    report(context, id, impact, message, part, before, gone);
  for (const entry of headers?.children ?? []) {
    // The content says what this one says, and OpenAPI ignores it.
    if (entry.name.toLowerCase() === 'content-type') continue;
    const header = entry.resolved;
    const otherEntry = find(newHeaders, entry.name);
    const subject = `The header ${entry.name} of the response ${status}`;
    const required = header.fields.required === true;
    if (!otherEntry) {
      const id = required ? 'response-header-required-removed' : 'response-header-removed';
      const impact = sent ? 'risky' : required ? 'breaking' : 'risky';
      const { text } = removal(header, context.changes.options);
      say(id, impact, `${subject} was removed: clients that read it do not find it. ${text}`, newHeaders ?? newer, entry, header);
      continue;
    }
    const other = otherEntry.resolved;
    const [at, newAt] = [header.get('required') ?? header, other.get('required') ?? other];
    if (required && other.fields.required !== true)
      say('response-header-became-optional', sent ? 'addition' : 'breaking', `${subject} may now be missing.`, newAt, at);
    if (!required && other.fields.required === true)
      say('response-header-became-required', sent ? 'breaking' : 'neutral', `${subject} is now always present.`, newAt, at);
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
    say(
      'response-header-added',
      sent && required ? 'breaking' : 'addition',
      `The header ${entry.name} of the response ${status} is new.`,
      entry,
      headers ?? older,
    );
  }
}
