import { readPsql } from '../../databases/postgresql/sql/psql';
import type { Script } from '../../core/scripts';
import { maskOutside } from './sections';

/** A script as psql sends it: with its variables replaced and without the branches of `\if` that are not taken. */
export function psqlScript(script: Script, variables?: ReadonlyMap<string, string>): Script {
  if (!/[\\:]/.test(script.text)) return script;
  const { sections, replacements } = readPsql(script.text, variables);
  const isWhole = sections.length === 1 && sections[0]?.start === 0 && sections[0].end === script.text.length;
  return {
    ...script,
    sections: isWhole ? script.sections : sections,
    sql: isWhole ? script.sql : maskOutside(script.text, sections),
    replacements: replacements.length > 0 ? replacements : script.replacements,
  };
}
