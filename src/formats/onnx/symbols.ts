/** Sums and products of symbols and whole numbers. Names may hold hyphens: a minus has spaces around it. */
const atom = String.raw`(?:[A-Za-z_][\w.]*|\d+)`;
const expression = new RegExp(String.raw`^${atom}(?:(?:\s*[+*]\s*|\s+-\s+)${atom})+$`);

/** Whether a symbol says how its size is made of others: exporters write `past_length + 1`. */
export const isComposed = (symbol: string): boolean => expression.test(symbol);

/** The names that a symbol is made of; one that is not composed is its own name. */
export function namesIn(symbol: string): readonly string[] {
  if (symbol === '') return [];
  if (!isComposed(symbol)) return [symbol];
  return [...new Set(symbol.split(/[\s+*-]+/).filter(part => !/^\d/.test(part)))];
}

/** The size of a symbol: its own, else what it is made of comes to; undefined while a part is not known. */
export function sizeOfSymbol(symbol: string, sizes: ReadonlyMap<string, number>): number | undefined {
  const own = sizes.get(symbol);
  if (own !== undefined || !isComposed(symbol)) return own;
  const part = (name: string) => (/^\d/.test(name) ? Number(name) : (sizes.get(name) ?? Number.NaN));
  const product = (factors: string) => factors.split('*').reduce((size, name) => size * part(name.trim()), 1);
  const sum = symbol.split(/\s*(?=\+)|\s+(?=-\s)/).reduce((size, term) => {
    const amount = product(term.replace(/^[+-]/, ''));
    return term.startsWith('-') ? size - amount : size + amount;
  }, 0);
  return Number.isNaN(sum) ? undefined : sum;
}
