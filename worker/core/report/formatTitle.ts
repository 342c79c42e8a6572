import type { ModelOverview } from './overview';

/** What a file is, and in which version of its format. */
export function formatTitle({ format, formatVersion }: Pick<ModelOverview, 'format' | 'formatVersion'>): string {
  switch (format) {
    case 'tflite':
      return `TensorFlow Lite, schema ${formatVersion}`;
    case 'onnx':
      return `ONNX, IR version ${formatVersion}`;
    case 'tf1':
      return `TensorFlow 1 frozen graph, producer ${formatVersion}`;
  }
}
