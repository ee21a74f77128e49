/** A stream of uniform values in [0, 1): xorshift32, seeded by a number and a name (FNV-1a). */
function uniformStream(seed: number, name: string): () => number {
  let state = 0x811c9dc5 ^ Math.trunc(seed);
  for (const character of name) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  state ||= 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  // Seeds that differ in a few bits give similar first values.
  for (let i = 0; i < 16; i++) next();
  return next;
}

/** A stream of standard normal values, two from each pair of uniform ones (Box and Muller, 1958). */
export function normalStream(seed: number, name: string): () => number {
  const uniform = uniformStream(seed, name);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
