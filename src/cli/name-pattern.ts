/** Names joined by commas, `*` for any characters, as one question each. */
export const namePatterns = (patterns: string): readonly NamePattern[] =>
  patterns.split(',').map(namePattern);

export interface NamePattern {
  readonly text: string;
  matches(name: string): boolean;
}

function namePattern(text: string): NamePattern {
  // No regular expression: `*` upon `*` would try every way to split a long name.
  const [first, ...rest] = text.split('*') as [string, ...string[]];
  return {
    text,
    matches: name => {
      if (rest.length === 0) return name === first;
      if (!name.startsWith(first)) return false;
      const last = rest.at(-1)!;
      let at = first.length;
      for (const part of rest.slice(0, -1)) {
        const found = name.indexOf(part, at);
        if (found < 0) return false;
        at = found + part.length;
      }
      return name.length - last.length >= at && name.endsWith(last);
    },
  };
}
