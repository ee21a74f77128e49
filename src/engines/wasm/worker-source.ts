/** The control block: what each of its 32-bit words holds. */
export const control = {
  /** Counts jobs; workers wait for it to change. */
  job: 0,
  /** `open` while a job takes helpers, plus the number of workers inside. Other words change only while it is 0. */
  gate: 1,
  open: 0x4000_0000,
  /** First item that nobody has taken. */
  next: 2,
  stage: 3,
  items: 4,
  chunk: 5,
  pointerCount: 6,
  pointers: 7,
  /** Workers that are up, and whether one has failed. */
  ready: 24,
  failed: 25,
  words: 32,
} as const;

/**
 * What a worker runs. It is text, so that it survives any bundler without a file of its own: a worker spins
 * for the next job for a moment, then sleeps; inside an open gate it takes chunks until none is left.
 */
export const workerSource = `
const { workerData, receiveMessageOnPort } = require('node:worker_threads');
const { memory, address, index, port } = workerData;
const control = ${JSON.stringify(control)};
const words = new Int32Array(memory.buffer, address, control.words);
const stages = [];
const spins = 20000;

function loadStages() {
  for (let received = receiveMessageOnPort(port); received; received = receiveMessageOnPort(port)) {
    const { module, names } = received.message;
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    for (const name of names) stages.push(exports[name]);
  }
}

function takeChunks() {
  if (words[control.stage] >= stages.length) loadStages();
  const stage = stages[words[control.stage]];
  const items = words[control.items];
  const chunk = words[control.chunk];
  const pointers = Array.from(words.subarray(control.pointers, control.pointers + words[control.pointerCount]));
  for (;;) {
    const begin = Atomics.add(words, control.next, chunk);
    if (begin >= items) return;
    stage(begin, Math.min(begin + chunk, items), index, ...pointers);
  }
}

/** Enters the gate if it is open; whoever is inside is waited for. */
function enter() {
  let gate = Atomics.load(words, control.gate);
  while (gate & control.open) {
    const found = Atomics.compareExchange(words, control.gate, gate, gate + 1);
    if (found === gate) return true;
    gate = found;
  }
  return false;
}

let seen = Atomics.load(words, control.job);
Atomics.add(words, control.ready, 1);
Atomics.notify(words, control.ready);
for (;;) {
  for (let spin = 0; spin < spins && Atomics.load(words, control.job) === seen; spin++);
  Atomics.wait(words, control.job, seen);
  seen = Atomics.load(words, control.job);
  if (!enter()) continue;
  try {
    takeChunks();
  } catch (error) {
    Atomics.store(words, control.failed, 1);
  }
  Atomics.sub(words, control.gate, 1);
  Atomics.notify(words, control.gate);
}
`;
