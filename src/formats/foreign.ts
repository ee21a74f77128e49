/** A format that is not read: what a file of it is, and how to get to one that is. */
export interface ForeignFormat {
  readonly what: string;
  readonly next: string;
}

interface Signature extends ForeignFormat {
  /** Of the first bytes as Latin-1. */
  readonly begins: RegExp;
}

/** A character for each byte of the beginning. */
export const beginningOf = (head: Uint8Array): string => String.fromCharCode(...head.subarray(0, 200));

const fromKeras = 'Convert it to ONNX: python -m tf2onnx.convert --keras MODEL --output model.onnx.';

/** Sources: RFC 1952; APPNOTE.TXT of zip; the formats' own documents. The first that fits holds. */
const signatures: readonly Signature[] = [
  {
    begins: /^\x1f\x8b/,
    what: 'is compressed with gzip',
    next: 'Unpack it first (gunzip), and count what is in it.',
  },
  {
    // PyTorch writes the pickle of a zip first.
    begins: /^PK\x03\x04.{26}[^/]*\/data\.pkl/s,
    what: 'is a PyTorch file',
    next: 'Export it from the code that made it: torch.onnx.export(model, inputs, "model.onnx").',
  },
  {
    begins: /^\x80[\x02-\x05]/,
    what: 'is a Python pickle, as older PyTorch saves models',
    next: 'Export it from the code that made it: torch.onnx.export(model, inputs, "model.onnx").',
  },
  {
    begins: /^PK\x03\x04.{26}(metadata|config)\.json/s,
    what: 'is a Keras file',
    next: fromKeras,
  },
  {
    begins: /^PK\x03\x04/,
    what: 'is a zip archive',
    next: 'Unpack it first, and count the model in it.',
  },
  {
    begins: /^.{5}\0{3}\{\s*"/s,
    what: 'holds weights without their network (safetensors)',
    next: 'Export the model that has them to ONNX.',
  },
  {
    begins: /^GGUF/,
    what: 'holds weights without their network (GGUF)',
    next: 'Export the model that has them to ONNX.',
  },
  {
    begins: /^.{4}TFL3/s,
    what: 'is a TensorFlow Lite model',
    next: 'Convert it to ONNX: python -m tf2onnx.convert --tflite MODEL --output model.onnx.',
  },
  {
    begins: /^.{4}ORTM/s,
    what: 'is in the own format of ONNX Runtime (.ort)',
    next: 'Count the .onnx file that it was made from.',
  },
  {
    begins: /^\s*\{.*?"(?:modelTopology"\s*:|format"\s*:\s*"(?:graph|layers)-model")/s,
    what: 'is a TensorFlow.js model',
    next: 'Convert it to ONNX: python -m tf2onnx.convert --tfjs MODEL --output model.onnx.',
  },
  {
    begins: /^\s*\{\s*"(?:class_name|module)"\s*:/,
    what: 'is a Keras model',
    next: fromKeras,
  },
  {
    begins: /^\x89HDF\r\n\x1a\n/,
    what: 'is an HDF5 file, as Keras saves models',
    next: fromKeras,
  },
];

/** The format that a file's first bytes speak for, where it is one that people take for a model file. */
export function foreignFormat(head: Uint8Array): ForeignFormat | undefined {
  const beginning = beginningOf(head);
  return signatures.find(({ begins }) => begins.test(beginning));
}
