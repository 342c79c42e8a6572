import type { Fix } from '../../../worker/core/targets/fix';
import { Button } from '../../ui/Button';
import { useInspector } from '../InspectorContext';
import { recipeText } from './reasonText';

/** A change to the model in words, and what GateScope can do towards it. */
export function ChangeOffer({ fix, testId }: { readonly fix: Fix; readonly testId: string }) {
  const inspector = useInspector();
  const { byRecipe } = fix;
  return (
    <>
      <p data-testid={testId}>{fix.text}</p>
      {byRecipe === null ? null : (
        <div class="buttons">
          <Button
            primary
            testId={`${testId}-try`}
            tip="Opens the Fix screen with these settings"
            onClick={() => {
              inspector.tryRecipe(byRecipe);
            }}
          >
            Try in Fix
          </Button>
          <Button testId={`${testId}-recipe`} onClick={() => void inspector.copy('Recipe', recipeText(byRecipe))}>
            Copy recipe
          </Button>
        </div>
      )}
    </>
  );
}
