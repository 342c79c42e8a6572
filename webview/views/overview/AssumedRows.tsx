import type { ModelOverview } from '../../../worker/core/report/overview';
import { Button } from '../../ui/Button';
import { Term } from '../../ui/Term';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';

/** What decides which of the file's graphs runs, to be changed: inputs taken to have a value, and those that could be. */
export function AssumedRows({ overview }: { readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const assumed = Object.entries(overview.assumed ?? {});
  const open = overview.ops.filter(({ op }) => op === 'If').length;
  const candidates = open === 0 ? [] : overview.inputs.filter(({ dtype, shape }) => /^u?int/.test(dtype) && isSingle(shape));
  if (assumed.length === 0 && candidates.length === 0) return null;
  return (
    <>
      <dt>
        <Term of="assumed">Assumed</Term>
      </dt>
      <dd data-testid="assumed">
        {assumed.map(([name, value]) => (
          <span class="assumed" key={name}>
            <span class="figure">
              {name} = {value}
            </span>{' '}
            <Button label={`Change what ${name} is assumed to be`} onClick={() => void inspector.chooseAssumed(name)}>
              Change…
            </Button>
          </span>
        ))}
        {candidates.map(({ name }) => (
          <span class="assumed" key={name}>
            nothing for {name}; {plural(open, 'If')} stay open{' '}
            <Button label={`Assume a value of ${name}`} onClick={() => void inspector.chooseAssumed(name)}>
              Assume…
            </Button>
          </span>
        ))}
      </dd>
    </>
  );
}

function isSingle(shape: readonly number[]): boolean {
  return shape.every((size) => size === 1 || size === -1);
}
