/** The words of a text: long lists of names read best as one. */
export const words = (text: string): readonly string[] => text.trim().split(/\s+/);
