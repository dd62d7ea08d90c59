/** The forms in which `check` can report. */
export const checkFormats = ['text', 'json', 'sarif', 'github', 'gitlab', 'markdown'] as const;
export type CheckFormat = (typeof checkFormats)[number];
