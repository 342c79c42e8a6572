import type { RecipeFragment } from '../../../worker/core/targets/fix';
import type { Recipe } from '../../../worker/core/recipe/recipe';
import type { Reason } from '../../../worker/core/targets/verdict';

/** A reason as text, for an issue or a message. */
export function reasonText(title: string, reasons: readonly Reason[]): string {
  const lines = reasons.flatMap(({ message, rule, seen, source, fix }) => [
    message,
    `Rule: ${rule}`,
    `Seen: ${seen}`,
    `Source: ${source}`,
    ...(fix === undefined ? [] : [`Change: ${fix.text}`]),
  ]);
  return [title, ...lines].join('\n');
}

/** What `gatescope quantize --recipe` reads. */
export function recipeText(fragment: RecipeFragment): string {
  const recipe: Recipe = { schema: 'gatescope.recipe/1', ...fragment };
  return `${JSON.stringify(recipe, null, 2)}\n`;
}
