import type { Gate } from '../lstm/signals';

/** How a range is taken from what calibration saw. `percentile=99.9` keeps that share of the values inside. */
export type ObserverName = 'min-max' | `percentile=${number}` | 'mse' | 'entropy' | 'moving-average';

/** States during calibration: restart for each sample; run on; or run on and restart when the sample's shape changes, as TFLite's calibrator does. */
export type CalibrationState = 'reset' | 'carry' | 'as-tflite';

export type RecipeScheme = 'int8' | 'hybrid';

/**
 * What a user decides about quantization, as plain JSON that the editor, the command line and later sessions share. Everything
 * that is absent follows TensorFlow Lite's quantizer.
 */
export interface Recipe {
  readonly schema: 'gatescope.recipe/1';
  readonly scheme?: RecipeScheme;
  readonly observer?: ObserverName;
  readonly state?: CalibrationState;
  /** Type of the graph's own inputs and outputs; float32 puts QUANTIZE and DEQUANTIZE at the boundary. */
  readonly inputs?: 'int8' | 'float32';
  readonly outputs?: 'int8' | 'float32';
  /** Give intermediate 0 of CIFG LSTMs with layer norm a scale, without which TFLite's kernel answers a constant. Default true. */
  readonly mendCifgLayerNorm?: boolean;
  /** Let the two cells of a bidirectional LSTM share one set of output parameters, which saves a QUANTIZE before the CONCATENATION. Default false. */
  readonly shareBidirectionalOutput?: boolean;
  /** Weights of FULLY_CONNECTED: one scale for each output (default, as TensorFlow Lite 2.21 does), or one for all, as older versions did. */
  readonly denseWeights?: 'per-channel' | 'per-tensor';
  /**
   * Hybrid only: weights with fewer values than this stay float, except an LSTM's, whose kernel takes all of its own or none.
   * Default 0; TensorFlow Lite's converter takes 1024.
   */
  readonly hybridMinimum?: number;
  /** By tensor name. */
  readonly tensors?: Readonly<Record<string, TensorOverride>>;
  /** By name of the LSTM's output tensor, or `#` and its operator index. */
  readonly lstms?: Readonly<Record<string, LstmOverride>>;
  /** Operators that stay float between DEQUANTIZE and QUANTIZE, by name of their first output tensor, or `#` and index. */
  readonly keepFloat?: readonly string[];
}

export interface TensorOverride {
  readonly range?: readonly [min: number, max: number];
  readonly observer?: ObserverName;
  /** 16: int16 activations, where the operators around the tensor can take them. */
  readonly bits?: 8 | 16;
}

export interface LstmOverride {
  /** Ranges of the gates' results before layer norm; without layer norm their format is fixed. */
  readonly gates?: Partial<Readonly<Record<Gate, TensorOverride>>>;
  readonly hidden?: TensorOverride;
  /** The cell's format is Qk.(15-k): its range is 2^k. 0 to 6 within what the kernels accept (scale at most 2^-9). */
  readonly cellExponent?: number;
}
