import { Lexer } from './lexer';
import { splitStatements } from './splitter';

/** The statements of a script, each as `statementText` has it: equal for scripts that say the same. */
export function statementTexts(sql: string): string[] {
  return splitStatements(sql).map(({ text }) => statementText(text));
}

/** A statement without comments, and with one space wherever there is white space. */
export function statementText(text: string): string {
  const words: string[] = [];
  const lexer = new Lexer(text);
  let isApart = false;
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    if (lexer.kind === 'space' || lexer.kind === 'comment' || lexer.kind === 'line-comment') isApart = true;
    else {
      if (isApart) words.push(' ');
      words.push(text.slice(lexer.start, lexer.end));
      isApart = false;
    }
  }
  return words.join('');
}
