import { ConvcostError } from '../../errors.js';

/** What ONNX Runtime says against a model, as an error of ours. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.slice(0, 300);
    throw new ConvcostError('peer-refuses', { engine: 'onnxruntime', reason });
  }
}
