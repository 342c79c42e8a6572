/** What people open by mistake: how it begins, and what to tell them. */
interface OtherFormat {
  readonly begins: string;
  /** Byte at which `begins` stands. */
  readonly at: number;
  readonly message: string;
}

const FORMATS: readonly OtherFormat[] = [
  {
    begins: 'version https://git-lfs',
    at: 0,
    message: 'This is a Git LFS pointer, not the model itself. "git lfs pull" fetches the model.',
  },
  { begins: '<!DOCTYPE', at: 0, message: 'This is a web page, not a model. The download gave a page instead of the file.' },
  { begins: '<html', at: 0, message: 'This is a web page, not a model. The download gave a page instead of the file.' },
  { begins: '\x89HDF', at: 0, message: 'This is an HDF5 file, probably a Keras model. Convert it to .tflite first.' },
  {
    begins: 'PK\x03\x04',
    at: 0,
    message: 'This is a zip archive (a .keras or PyTorch file, or a packed folder). Convert or unpack it first.',
  },
  { begins: '\x1f\x8b', at: 0, message: 'This is a gzip archive. Unpack it first.' },
  { begins: 'ORTM', at: 4, message: 'This is a model in ONNX Runtime format, which cannot be read.' },
  {
    begins: 'node {',
    at: 0,
    message: 'This is a TensorFlow graph written as text (.pbtxt). Save it in binary form, frozen, or convert it to .tflite.',
  },
  { begins: 'GGUF', at: 0, message: 'This is a GGUF model, which cannot be read.' },
  { begins: 'ET12', at: 4, message: 'This is an ExecuTorch program, which cannot be read.' },
];

/** Tells a user what a file is that is no model we read; null where its first bytes say nothing. */
export function describeOtherFormat(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 32));
  return FORMATS.find(({ begins, at }) => head.startsWith(begins, at))?.message ?? null;
}
