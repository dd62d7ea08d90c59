import ts from 'typescript';

/** A text that a user reads, with the 1-based line where it begins. Substitutions and code are written `{…}`. */
export interface Prose {
  readonly text: string;
  readonly line: number;
}

const placeholder = '{…}';
const codeSpan = /`[^`]*`/g;
const statement =
  /^[\s({]*(--|select\b|insert into\b|update \S+ set\b|delete from\b|create (or replace|table|index|unique|schema|function|view|extension|type|role|trigger|database|temp)\b|alter (table|type|index|role|database|schema|default|function|system)\b|drop (table|index|schema|function|type|view|database|trigger|role|extension)\b|set (local|session|search_path|lock_timeout|statement_timeout)\b|with \w+ (\(|as)|begin\b|commit\b|grant\b|revoke\b|explain\b|lock table\b|values\b|truncate\b|do \$)/i;

/** Whether `text` is words for a reader, not a name, a pattern or SQL. A sentence that starts like SQL ends with a full stop. */
const isProse = (text: string) => /[a-z]{2} +\S|\S +[a-z]{2}/i.test(text) && (!statement.test(text) || /\.\s*$/.test(text));

/** The text of a literal, a template, or either joined with `+`; undefined for other expressions. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map((span) => placeholder + span.literal.text).join('');
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined ? undefined : (left ?? placeholder) + (right ?? placeholder);
}

/** Literals that no reader sees: imports, types, patterns. */
function isCode(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  return ts.isNewExpression(node) && node.expression.getText() === 'RegExp';
}

/** The prose in the string and template literals of a TypeScript source. */
export function proseOfSource(path: string, source: string): Prose[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: Prose[] = [];
  const visit = (node: ts.Node): void => {
    if (isCode(node)) return;
    const text = textOf(node);
    if (text !== undefined && isProse(text)) {
      found.push({
        text: text.replace(codeSpan, placeholder).replace(/\s+/g, ' '),
        line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      });
    }
    if (text === undefined) ts.forEachChild(node, visit);
    else substitutions(node).forEach(visit);
  };
  visit(file);
  return found;
}

/** The expressions inside a template or a sum, which can hold texts of their own. */
function substitutions(node: ts.Node): ts.Node[] {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map((span) => span.expression);
  if (!ts.isBinaryExpression(node)) return [];
  return [node.left, node.right].flatMap((side) => (textOf(side) === undefined ? [side] : substitutions(side)));
}

/** The prose in the string values of a JSON source. */
export function proseOfJson(path: string, source: string): Prose[] {
  const file = ts.parseJsonText(path, source);
  const found: Prose[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node)) return visit(node.initializer);
    if (ts.isStringLiteral(node) && isProse(node.text)) {
      found.push({
        text: node.text.replace(codeSpan, placeholder),
        line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The prose of a Markdown page, a paragraph, list item or table row at a time, without its code. */
export function proseOfMarkdown(source: string): Prose[] {
  const found: Prose[] = [];
  let inFence = false;
  let starts = true;
  source.split('\n').forEach((line, index) => {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) inFence = !inFence;
    if (fence || inFence || line.trim() === '') starts = true;
    else if (starts || /^\s*([-*|#>]|\d+\.)/.test(line)) {
      found.push({ text: line.trim(), line: index + 1 });
      starts = false;
    } else {
      const last = found.pop();
      if (last) found.push({ ...last, text: `${last.text} ${line.trim()}` });
    }
  });
  return found.map(({ text, line }) => ({ line, text: text.replace(codeSpan, placeholder) })).filter(({ text }) => isProse(text));
}
