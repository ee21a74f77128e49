/** So many files are read at once: reading waits for the disk, and models may be too large to hold all. */
const atOnce = 8;

/** Does the work for every item, a few at once; results, and the error that is thrown, go by their order. */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    const some = items.slice(start, start + atOnce).map(work);
    for (const settled of await Promise.allSettled(some)) {
      if (settled.status === 'rejected') throw settled.reason;
      results.push(settled.value);
    }
  }
  return results;
}
