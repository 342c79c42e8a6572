import type { ModelOverview } from '../../../worker/core/report/overview';
import type { AppState } from '../../state';
import { NothingCompared } from './NothingCompared';

/** This model beside another, or beside itself in another arithmetic. */
export function CompareView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  return (
    <div class="compare">
      <NothingCompared state={state} overview={overview} />
    </div>
  );
}
