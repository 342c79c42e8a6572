/**
 * What the words of this field mean: two sentences at most, with the formula where there is one. A word on a screen is explained where
 * it stands, on hover and on focus.
 */
export const GLOSSARY = {
  float: 'Weights and activations are 32-bit floating point. The reference that all other forms are measured against.',
  hybrid:
    'Weights are int8, activations float: each matrix product quantizes its input on the fly, row by row, q = round(127 v / max|v|). Also called dynamic range quantization.',
  int8: 'Weights and activations are 8-bit integers, real = scale · (q − zero point); only sums, gates and cells are wider. No floating point is left.',
  '16x8': 'Weights are int8, activations int16 with zero point 0. More exact than int8, twice the memory for activations.',
  mixed: 'Some operators are integer and some float. Where they meet, values are quantized or dequantized.',
  assumed:
    'What an input is taken to be, such as a sampling rate, where it decides which of the file’s graphs runs (If). That graph stands in the place of the choice; at other values the model is another one.',
  sqnr: 'Signal to quantization noise ratio, 10 log10(Σ float² / Σ (quantized − float)²) in dB. 6 dB more halve the error; below 20 dB it is usually heard or seen.',
  'si-sdr':
    'Scale-invariant signal to distortion ratio, 10 log10(|a s|² / |a s − ŝ|²) with a = ⟨ŝ, s⟩ / |s|², in dB. A different loudness does not count; above 30 dB the difference is hardly heard.',
  accumulated: 'Fed with what the quantized path itself computed before: the error so far. What the user of the model gets.',
  local:
    'Fed with the float path’s own values, an LSTM’s states included: the error that this operator alone adds. A low figure is a culprit.',
  rail: 'The lowest or highest code of an integer type, such as −128 and 127: values beyond it are clamped there. What is lost shows in the cost, not in the count.',
  cost: 'The dB of SQNR that the output gains when this alone is put back to float and all else stays as it is. Costs overlap and do not add up.',
  cifg: 'Coupled input and forget gate: i = 1 − f. One gate less to store and compute; the cell cannot leave −1 to 1.',
  gru: 'Gated recurrent unit: one state h, mixed anew in each step, h = z · h + (1 − z) · n. No cell, no output gate; three quarters of an LSTM’s weights.',
  'update gate':
    'z = σ(W·x + R·h + b), unit by unit from 0 to 1: how much of h stays. At 1 the unit keeps its value, at 0 it takes the candidate n.',
  'reset gate':
    'r = σ(W·x + R·h + b): how much of h the candidate sees. It multiplies h before the product with R, or that product after it, as in Keras with reset_after.',
  candidate: 'n = tanh(W·x + b + what the reset gate lets through of R·h): what h becomes where the update gate is shut.',
  'layer norm':
    'Each gate’s sum v over all units is normalized, γ · (v − mean) / standard deviation + β, before its activation. As an integer it is computed with 2¹⁰ more.',
  projection: 'The hidden value m is multiplied by a matrix, h = Wₚ · m + b, so that the output is smaller than the cell.',
  peephole: 'Gates also see the cell, unit by unit: + P · c; the output gate sees the new cell. P is a vector for each gate.',
  bidirectional:
    'Two cells, one reading the steps forward and one backward; their outputs are joined. No integer kernel has it: it is quantized as two.',
  persona:
    'Whose integer arithmetic is computed: TensorFlow Lite’s of today, its older one, or that of TensorFlow Lite Micro. They differ in rounding, activation tables and a few quirks.',
  'q-format': 'Fixed point: Qm.n has m integer and n fraction bits beside the sign, so one code is 2⁻ⁿ. Q3.12 holds −8 to 8.',
  flat: 'σ or tanh at its end value, where its slope is nothing. By itself nothing is lost there: float is at the same value.',
} as const;

export type Term = keyof typeof GLOSSARY;
