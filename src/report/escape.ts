/** A name from a file cannot move the cursor or change colours: control characters show as escapes. */
export const escapeControls = (text: string): string =>
  text.replace(
    // Controls, the bidirectional marks that reorder what is read, and line separators.
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The same for JSON text, where a line feed outside of strings only lays it out: what is read is equal. */
export const escapeJson = (json: string): string => json.split('\n').map(escapeControls).join('\n');
