import { useEffect, useState } from 'preact/hooks';
import type { Inspector } from '../inspector';
import { CopyContext } from '../ui/CopyContext';
import { TooltipLayer } from '../ui/TooltipLayer';
import { useCopyKey } from '../ui/useCopyKey';
import { InspectorContext } from './InspectorContext';
import { Announcements } from './shell/Announcements';
import { DropLayer } from './shell/DropLayer';
import { KeysOverlay } from './shell/KeysOverlay';
import { useKeys } from './shell/useKeys';
import { Workspace } from './shell/Workspace';
import { BrokenModel } from './states/BrokenModel';
import { DeadWorker } from './states/DeadWorker';
import { Opening } from './states/Opening';

/** The whole page: one of the states a model can be in, and what lies over all of them. */
export function App({ inspector }: { readonly inspector: Inspector }) {
  const [state, setState] = useState(inspector.store.state);
  useEffect(() => {
    const update = () => {
      setState(inspector.store.state);
    };
    update();
    return inspector.store.subscribe(update);
  }, [inspector]);
  useKeys(inspector);
  useCopyKey();
  const model = state.host?.model ?? { status: 'opening' as const };
  return (
    <InspectorContext.Provider value={inspector}>
      <CopyContext.Provider value={inspector.copyTarget}>
        {model.status === 'opening' ? (
          <Opening fileName={state.host?.fileName ?? null} />
        ) : model.status === 'broken' ? (
          <BrokenModel fileName={state.host?.fileName ?? ''} error={model.error} />
        ) : model.status === 'dead' ? (
          <DeadWorker message={model.message} />
        ) : (
          <Workspace state={state} overview={model.overview} />
        )}
        {model.status === 'open' ? <DropLayer /> : null}
      </CopyContext.Provider>
      <Announcements state={state} />
      {state.keysShown ? <KeysOverlay inspector={inspector} /> : null}
      <TooltipLayer />
    </InspectorContext.Provider>
  );
}
