/** What a command takes for a model: the formats that are read. */
export const MODEL_FILE = 'a .tflite or .onnx file, or a frozen TensorFlow 1 graph (.pb)';
