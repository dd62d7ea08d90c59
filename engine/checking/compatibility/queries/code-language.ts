/** How one programming language writes comments and strings, as far as it decides where SQL stands in a file. */
export interface CodeLanguage {
  readonly name: 'rust' | 'javascript' | 'go' | 'python' | 'java' | 'kotlin';
  readonly lineComment: '//' | '#';
  readonly blockComments: 'none' | 'plain' | 'nested';
  /** Whether strings that follow one another are one string. */
  readonly joinsAdjacent: boolean;
}

const languages = {
  rust: { name: 'rust', lineComment: '//', blockComments: 'nested', joinsAdjacent: false },
  javascript: { name: 'javascript', lineComment: '//', blockComments: 'plain', joinsAdjacent: false },
  go: { name: 'go', lineComment: '//', blockComments: 'plain', joinsAdjacent: false },
  python: { name: 'python', lineComment: '#', blockComments: 'none', joinsAdjacent: true },
  java: { name: 'java', lineComment: '//', blockComments: 'plain', joinsAdjacent: false },
  kotlin: { name: 'kotlin', lineComment: '//', blockComments: 'nested', joinsAdjacent: false },
} satisfies Record<string, CodeLanguage>;

const byExtension: Readonly<Record<string, CodeLanguage>> = {
  rs: languages.rust,
  ts: languages.javascript,
  tsx: languages.javascript,
  mts: languages.javascript,
  cts: languages.javascript,
  js: languages.javascript,
  jsx: languages.javascript,
  mjs: languages.javascript,
  cjs: languages.javascript,
  go: languages.go,
  py: languages.python,
  java: languages.java,
  kt: languages.kotlin,
  kts: languages.kotlin,
};

/** The language of a file by its extension; undefined for what is not code that can be read. */
export function languageOf(file: string): CodeLanguage | undefined {
  return byExtension[extensionOf(file)];
}

/** The part after the last dot of the file's name, in lower case. */
export function extensionOf(file: string): string {
  return /\.([A-Za-z0-9]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
}
