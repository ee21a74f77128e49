/** What tells the name of a zoo network from tokens and files; apart from the zoo, which the CLI loads late. */
export const zooPrefix = 'zoo:';

export const isZooName = (source: string): boolean => source.startsWith(zooPrefix);
