/** A word or phrase that our texts do without. */
export interface WritingRule {
  /** Its name in docs/writing.md. */
  readonly avoid: string;
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly write: string;
  /** A sentence that breaks the rule, and the same in plain English. */
  readonly example: readonly [before: string, after: string];
}

const determiner =
  'the|this|each|every|no|any|which|another|first|second|last|next|only|new|old|other|former|latter|earlier|later|newer|older|larger|smaller|right|wrong|same|than';

/** The rules of docs/writing.md, in its order. */
export const writingRules: readonly WritingRule[] = [
  {
    avoid: 'whoever',
    pattern: /\bwhoever\b/i,
    write: 'the role: "clients", "installations on 1.0.0"',
    example: ['Whoever runs 1.0.0 is stuck.', 'Installations on 1.0.0 cannot be upgraded.'],
  },
  {
    avoid: 'who, without a noun before it',
    pattern: /(?:^|[.:;(] |\b(?:and|that|because|if|while) )who [a-z]+s\b(?!.*\?)/i,
    write: 'the role: "a client that", "installations on"',
    example: ['Who runs 1.0.0 reads an error.', 'Clients on 1.0.0 get an error.'],
  },
  {
    avoid: 'those who',
    pattern: /\b(?:those|one|ones|people|everybody) who\b/i,
    write: 'the role: "users that", "clients that"',
    example: ['Those who follow the channel get nothing.', 'Installations on this channel get no update.'],
  },
  {
    avoid: 'nobody, somebody, anybody, everybody, someone',
    pattern: /\b(?:nobody|somebody|anybody|everybody|someone)\b/i,
    write: 'the session, client, user or release that is meant',
    example: ['Nobody writes meanwhile.', 'Writes are blocked until the statement ends.'],
  },
  {
    avoid: 'one, for a person or a program',
    pattern: new RegExp(`(?<!\\b(?:${determiner}) )\\bone (?:may|can|should|must|has to|needs to|sees|does)\\b`, 'i'),
    write: '"you", "the release" or another noun',
    example: ['Here one may leave it out.', 'You can omit it here.'],
  },
  {
    avoid: 'mend',
    pattern: /\bmend(?:s|ed|ing)?\b/i,
    write: 'fix',
    example: ['Mend the cause and apply again.', 'Fix the cause and run apply again.'],
  },
  {
    avoid: 'goes, for removed',
    pattern: /\bgoes\b(?! (?:up|down|through)\b)|\bgo(?:es|ing)? (?:away|with it|with them)\b/i,
    write: 'is dropped, is removed, is lost, is sent, is written',
    example: ['A column goes that earlier releases may still use.', 'Drops a column that earlier releases may still use.'],
  },
  {
    avoid: 'comes, for added',
    pattern: /\bcomes\b(?! (?:from|with|before|after|first|last|next|later|earlier)\b)/i,
    write: 'is added, is introduced, arrives',
    example: ['A column comes with 2.0.0, and an index comes too.', '2.0.0 adds a column and an index.'],
  },
  {
    avoid: 'go on',
    pattern: /\bgo(?:es|ing)? on\b/i,
    write: 'continue, resume',
    example: ['Apply again to go on from here.', 'Run apply again to resume at this step.'],
  },
  {
    avoid: 'get to its end',
    pattern: /\bg[eo]ts? to (?:its|their|the|an) end\b/i,
    write: 'finish, complete; "was interrupted"',
    example: ['An earlier run did not get to its end.', 'A previous run was interrupted.'],
  },
  {
    avoid: 'tells of, is told',
    pattern: /\b(?:tells?|told) of\b|\b(?:is|are|be) told\b(?! (?:to|which|that)\b)/i,
    write: 'describes, records, reports, lists',
    example: ['The target is not in the state that the journal tells of.', 'The target does not match its journal.'],
  },
  {
    avoid: 'the way back',
    pattern: /\bway back\b/i,
    write: 'rollback, down script',
    example: ['The way back is closed.', 'The upgrade cannot be rolled back.'],
  },
  {
    avoid: 'way of, way from, no way leads',
    pattern: /\bno way (?:leads|from|to|up|into)\b|\bway of a (?:target|release|database)\b/i,
    write: 'upgrade path',
    example: ['No way leads from 1.0.0 to 2.0.0.', 'There is no upgrade path from 1.0.0 to 2.0.0.'],
  },
  {
    avoid: 'at hand',
    pattern: /\bat hand\b/i,
    write: 'available, known',
    example: ['Judged without the table at hand.', 'Not verified: the table is not known.'],
  },
  {
    avoid: 'for ever',
    pattern: /\bfor ever\b/i,
    write: 'permanently, with no time limit',
    example: ['The session waits for ever.', 'The session waits with no time limit.'],
  },
  {
    avoid: 'anew',
    pattern: /\banew\b/i,
    write: 'again; "a new ..."',
    example: ['Make the plan anew.', 'Make a new plan.'],
  },
  {
    avoid: 'without a word',
    pattern: /\bwithout a word\b/i,
    write: 'silently, without an error',
    example: ['The tool skips the file without a word.', 'The tool silently skips the file.'],
  },
  {
    avoid: 'is no X',
    pattern:
      /(?<!\bthere )\b(?:is|are|was|were) no (?!(?:longer|more|less|fewer|better|worse|different|newer|older|larger|smaller|faster|slower|other|help|use)\b)(?=[a-z{])/i,
    write: 'is not a X',
    example: ['The text is no version range.', 'The text is not a version range.'],
  },
  {
    avoid: 'beside',
    pattern: /\bbeside\b/i,
    write: 'next to; at the same time as; in addition to',
    example: ['1.0.0 may run beside 2.0.0.', '1.0.0 and 2.0.0 may run at the same time.'],
  },
  {
    avoid: 'halt',
    pattern: /\bhalt(?:s|ed|ing)?\b/i,
    write: 'stop; "is a required stop"',
    example: ['The upgrade has to halt at 2.0.0.', '2.0.0 is a required stop.'],
  },
  {
    avoid: 'jump over',
    pattern: /\bjump(?:s|ed|ing)? over\b/i,
    write: 'skip',
    example: ['A stop may not be jumped over.', 'A required stop cannot be skipped.'],
  },
  {
    avoid: 'in the way',
    pattern: /\b(?:stands?|is|are|be) in the way\b/i,
    write: 'block, prevent',
    example: ['Two rows are in the way of the constraint.', 'Two rows violate the constraint.'],
  },
  {
    avoid: 'at work',
    pattern: /\bat work\b/i,
    write: 'running',
    example: ['Another run is at work.', 'Another run is in progress.'],
  },
  {
    avoid: 'take back, taken back',
    pattern: /\b(?:takes?|taken|took) back\b|\btakes? \S+ back\b/i,
    write: 'roll back, undo, withdraw',
    example: ['The down script takes back the index.', 'The down script drops the index.'],
  },
  {
    avoid: 'is stuck',
    pattern: /\b(?:is|are) stuck\b/i,
    write: 'cannot upgrade; "there is no upgrade path"',
    example: ['Installations on 1.0.0 are stuck.', 'There is no upgrade path from 1.0.0.'],
  },
  {
    avoid: 'Where, to begin a condition',
    pattern: /(?:^|\. )Where(?= [a-z{])(?!.*\?)/,
    write: 'If, When',
    example: ['Where nothing breaks, no warning is left.', 'If nothing breaks, there is no warning.'],
  },
];
