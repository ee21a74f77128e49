/** An image or a volume begins with its batch, whatever the name; of shorter tensors the name must say so. */
export const isBatch = (symbol: string, rank: number): boolean =>
  rank >= 4 || (rank >= 2 && (symbol === '' || isBatchName(symbol)));

export const isBatchName = (symbol: string): boolean => /^(n|b|bs|.*batch.*)$/i.test(symbol);
