/** What a recipe asks for, or what it is to be applied to, that cannot be done: which part, why, and what would be accepted. */
export class RecipeError extends Error {
  override readonly name = 'RecipeError';

  constructor(
    /** Stable, upper-case, such as UNKNOWN_TENSOR. */
    readonly code: string,
    message: string,
    /** Place in the recipe's JSON, such as `tensors["logits"].range`; null where the model or its ranges are at fault. */
    readonly path: string | null = null,
    readonly limit: string | null = null,
  ) {
    super(message);
  }
}
