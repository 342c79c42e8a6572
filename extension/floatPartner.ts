const QUANTIZED =
  /^(?:u?int8|[iu]8|int16|16x8|int16x8|int8x16|8x16|w8a8|w8a16|w8|q8|q|qat|ptq|quant|quantized|quantised|quantize|8bit|integer|fullint|hybrid|dynamic|dynquant|qdq|qoperator|qlinear|drq|miscalibrated)$/;
const FLOAT = /^(?:float|float32|float16|fp32|fp16|f32|f16|fp)$/;

interface Name {
  /** Words of the name before the ending, in order and in lower case, without those that name a type. */
  readonly base: string;
  /** The same, cut at the first word that names a quantized type: what follows describes the quantization. */
  readonly beforeQuantized: string;
  readonly quantized: boolean;
  readonly float: boolean;
}

function parse(fileName: string): Name {
  const words = fileName
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .split(/[-_. ]+/)
    .filter((word) => word !== '');
  const first = words.findIndex((word) => QUANTIZED.test(word));
  const plain = (list: readonly string[]) => list.filter((word) => !QUANTIZED.test(word) && !FLOAT.test(word)).join('-');
  return {
    base: plain(words),
    beforeQuantized: plain(first < 0 ? words : words.slice(0, first)),
    quantized: first >= 0,
    float: words.some((word) => FLOAT.test(word)),
  };
}

/**
 * The float model that belongs to a quantized one, by its name alone; null when no name fits.
 *
 * Names are split into words at `-`, `_`, `.` and spaces. A partner has the model's ending, no word that names a quantized type
 * (`int8`, `quant`, `hybrid`, `16x8` ...), and the model's other words: `X-int8` and `X.int8` go with `X-float`, `X.float` and `X`;
 * `net_quant_1` goes with `net_1`. Where that finds nothing, words after the quantized type count as notes on the quantization:
 * `X-int8-miscalibrated` goes with `X-float`. A partner that says `float` goes before one that does not, a short name before a long one.
 * A model whose own name says nothing of a type only gets a partner that says `float`.
 */
export function floatPartner(model: string, names: readonly string[]): string | null {
  const ending = model.slice(model.lastIndexOf('.')).toLowerCase();
  const own = parse(model);
  if (own.float && !own.quantized) return null;
  const candidates = names
    .filter((name) => name !== model && name.toLowerCase().endsWith(ending))
    .map((name) => ({ name, ...parse(name) }))
    .filter((candidate) => !candidate.quantized && (candidate.float || own.quantized))
    .sort(
      (a, b) =>
        Number(b.float) - Number(a.float) || a.name.length - b.name.length || (a.name < b.name ? -1 : Number(a.name > b.name)),
    );
  const find = (base: string) => candidates.find((candidate) => candidate.base === base)?.name ?? null;
  return find(own.base) ?? (own.beforeQuantized !== '' ? find(own.beforeQuantized) : null);
}
