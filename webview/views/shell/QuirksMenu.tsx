import { hasQuirk, quirkOf, switchQuirks, type QuirkName } from '../../../worker/core/compare/quirks';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { AppState } from '../../state';
import { quirksThatMatter } from '../../studyChoices';
import { Button } from '../../ui/Button';
import { Checkbox } from '../../ui/Checkbox';
import { Popover } from '../../ui/Popover';
import { useInspector } from '../InspectorContext';

/** Switches for what the persona's runtime does otherwise than the recipe; nothing where none makes a difference in this model. */
export function QuirksMenu({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const matter = quirksThatMatter(overview.lstms);
  if (matter.length === 0) return null;
  const switched = Object.keys(state.view.quirks).length;
  return (
    <Popover
      role="dialog"
      quiet
      icon="settings"
      label={switched === 0 ? 'Quirks' : `Quirks, ${switched} switched`}
      tip={switched === 0 ? 'Quirks of the persona, one by one' : `${switched} of the persona’s quirks switched for the next run`}
      class={switched === 0 ? 'quirks' : 'quirks switched'}
      disabled={state.host?.run.status === 'running'}
      testId="quirks"
    >
      {() => <Switches state={state} matter={matter} />}
    </Popover>
  );
}

function Switches({ state, matter }: { readonly state: AppState; readonly matter: ReturnType<typeof quirksThatMatter> }) {
  const inspector = useInspector();
  const { persona, quirks } = state.view;
  const overrides = switchQuirks(quirks, persona);
  const change = (name: QuirkName, on: boolean) => {
    const others = Object.entries(quirks).filter(([other]) => other !== name);
    const own = hasQuirk(name, persona) === on ? [] : [[name, on] as const];
    inspector.view({ quirks: Object.fromEntries([...others, ...own]) });
  };
  return (
    <div class="quirk-switches">
      <p class="caption">What this runtime does otherwise than the recipe. Counts from the next run on.</p>
      {matter.map(({ name, lstm }) => (
        <div key={name}>
          <Checkbox
            checked={hasQuirk(name, persona, overrides)}
            testId={`quirk-${name}`}
            onChange={(on) => {
              change(name, on);
            }}
          >
            {quirkOf(name).label}
          </Checkbox>
          <p class="caption">{quirkOf(name).explain(lstm)}</p>
        </div>
      ))}
      {Object.keys(quirks).length > 0 ? (
        <Button
          testId="quirks-reset"
          onClick={() => {
            inspector.view({ quirks: {} });
          }}
        >
          As the runtime has them
        </Button>
      ) : null}
    </div>
  );
}
