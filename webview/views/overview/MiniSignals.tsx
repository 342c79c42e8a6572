import type { LayerReport, SignalReport } from '../../../worker/core/report/report';
import { isCount, shareOrCount } from '../../charts/format';
import { textWidth } from '../../charts/textWidth';
import { MiniSignal } from '../../figures/MiniSignal';
import { activationOfSignal } from '../../figures/signalNames';
import { Sized } from '../../ui/Sized';
import { lossOf } from '../lstm/losses';
import { figuresOf } from '../lstm/stages';
import { plural } from '../text';

type Name = Exclude<SignalReport['signal'], 'out'>;

interface Props {
  readonly layer: LayerReport;
  /** Name of the layer, for assistive technology. */
  readonly owner: string;
  readonly names: readonly Name[];
  readonly labelOf: (name: Name) => string;
  readonly onOpen: (name: Name) => void;
}

/** Some signals of a recurrent layer side by side, each a way to its place; those that it lacks are left out. */
export function MiniSignals({ layer, owner, names, labelOf, onOpen }: Props) {
  return (
    <Sized>
      {({ width }) => {
        const each = Math.floor((width - (names.length - 1) * 8) / names.length);
        return (
          <div class="six">
            {names.map((name) => {
              const signal = figuresOf(layer, name);
              if (!signal) return null;
              return (
                <div key={name} class="mini" style={{ width: `${each}px` }}>
                  <div aria-hidden="true">
                    <MiniLabel name={name} width={each} />
                    <MiniSignal signal={signal} width={each - 2} height={44} />
                    <Loss signal={signal} width={each} />
                  </div>
                  <button
                    type="button"
                    aria-label={`${owner}, ${labelOf(name)}${lossText(signal)}`}
                    onClick={() => {
                      onOpen(name);
                    }}
                  />
                </div>
              );
            })}
          </div>
        );
      }}
    </Sized>
  );
}

/** The stage in the longest form that fits. */
function MiniLabel({ name, width }: { readonly name: Name; readonly width: number }) {
  const [letter = '', stage] = name.split('_');
  const activation = activationOfSignal(letter as Name) ?? 'f';
  const forms = stage === undefined ? [] : [`before ${activation}`, `bef. ${activation}`];
  const room = width - textWidth(`${letter} `, 11, { bold: true });
  return (
    <span class="mini-label">
      <b>{letter}</b> {forms.find((form) => textWidth(form, 10) <= room) ?? ''}
    </span>
  );
}

function Loss({ signal, width }: { readonly signal: SignalReport; readonly width: number }) {
  // Reals have no rails to lose anything at.
  if (signal.rails === null) return null;
  const { count, values } = lossOf(signal);
  const text = shareOrCount(count, values);
  const unit = count > 0 && isCount(count, values) ? (count === 1 ? ' value' : ' values') : '';
  return (
    <span class={count === 0 ? 'dim' : count / values > 0.1 ? 'lost strong' : 'lost'}>
      {text}
      {textWidth(text + unit, 11) <= width - 2 ? unit : ''}
    </span>
  );
}

/** `, 24 values lost at a rail`; nothing of reals, which have no rails. */
function lossText(signal: SignalReport): string {
  if (signal.rails === null) return '';
  const { count, values } = lossOf(signal);
  return `, ${isCount(count, values) ? plural(count, 'value') : shareOrCount(count, values)} lost at a rail`;
}
