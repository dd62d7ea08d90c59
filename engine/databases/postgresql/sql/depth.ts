import { Lexer } from './lexer';

/** Words that make a tree deeper without a parenthesis. AND and OR chains are flat in the tree. */
const operatorWords = new Set(['not', 'is', 'collate', 'at']);
const chainWords = new Set(['union', 'intersect', 'except', 'join', 'case']);
const separating = new Set(['and', 'or', 'when', 'then', 'else']);

interface Level {
  /** Operators since the last comma or other separator. */
  operators: number;
  /** Joins, set operations and CASE, which a comma does not separate. */
  chains: number;
}

/**
 * An upper estimate of how deep the parse tree of a statement will be. The parser recurses over the tree, and when the stack
 * ends it throws but keeps its memory; after some dozens of such errors it hangs. So trees that are too deep must not reach it.
 */
export function estimateDepth(text: string): number {
  const lexer = new Lexer(text);
  const levels: Level[] = [];
  let level: Level = { operators: 0, chains: 0 };
  let outer = 0;
  let deepest = 0;
  let isOperator = false;
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    const wasOperator = isOperator;
    const character = text.charAt(at);
    isOperator = lexer.kind === 'other' && character !== ',' && character !== '[' && character !== ']';
    if (lexer.kind === 'open' || character === '[') {
      level.operators++;
      levels.push(level);
      outer += level.operators + level.chains;
      level = { operators: 0, chains: 0 };
    } else if (lexer.kind === 'close' || character === ']') {
      const parent = levels.pop();
      if (parent) {
        outer -= parent.operators + parent.chains;
        level = parent;
      }
    } else if (character === ',' || lexer.kind === 'semicolon') level.operators = 0;
    else if (isOperator && !wasOperator) level.operators++;
    else if (lexer.kind === 'word') countWord(level, text.slice(at, lexer.end).toLowerCase());
    deepest = Math.max(deepest, outer + level.operators + level.chains);
  }
  return deepest;
}

function countWord(level: Level, word: string): void {
  if (separating.has(word)) level.operators = 0;
  else if (chainWords.has(word)) level.chains++;
  else if (operatorWords.has(word)) level.operators++;
}
