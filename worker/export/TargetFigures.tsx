import { byteCount, count, percent } from '../../webview/charts/format';
import { changesOf } from '../../webview/figures/targetChanges';
import type { Split } from '../core/targets/effects/effects';
import type { TargetPlacement } from '../core/targets/verdict';
import { plural } from './reportWords';

/** What each target takes of the model, in figures. Reports of earlier versions have none. */
export function TargetFigures({ targets }: { readonly targets: readonly TargetPlacement[] }) {
  const rows = targets.flatMap((target) => (target.summary === undefined ? [] : [{ ...target, summary: target.summary }]));
  if (rows.length === 0) return null;
  return (
    <>
      <h3 style={{ marginTop: '14px' }}>What each takes</h3>
      <table class="data">
        <thead>
          <tr>
            <th>target</th>
            <th class="n">operators</th>
            <th class="n">MACs</th>
            <th class="n">weights</th>
            <th class="n">peak of values</th>
            <th class="n">partitions</th>
            <th class="n">handed over</th>
            <th>unrolled</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, result, ops, summary, effects }) =>
            result === 'rejected' ? (
              <tr>
                <td>{label}</td>
                <td class="lost" colSpan={7}>
                  nothing: the model is refused
                </td>
              </tr>
            ) : (
              <tr>
                <td>{label}</td>
                <td class="n">{`${count(summary.ops.native + summary.ops.conditional)} of ${count(ops.length)}`}</td>
                <td class="n">{shareText(summary.macs)}</td>
                <td class="n">{shareText(summary.weightBytes)}</td>
                <td class="n">{byteCount(summary.peakOnTarget.bytes)}</td>
                <td class="n">
                  {effects === undefined || effects.partitions.length === 0 ? '' : count(effects.partitions.length)}
                </td>
                <td class="n">
                  {effects === undefined || effects.handOvers.length === 0
                    ? ''
                    : `${plural(effects.handOvers.length, 'value')}, ${byteCount(summary.handOverBytes)}`}
                </td>
                <td>
                  {(effects?.unrolled ?? [])
                    .map(({ index, steps, operators }) => `${index} over ${plural(steps, 'step')}: ${count(operators)} operators`)
                    .join('; ')}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </>
  );
}

function shareText({ onTarget, elsewhere }: Split): string {
  const total = onTarget + elsewhere;
  return total === 0 ? '' : percent(onTarget / total);
}

interface Asked {
  readonly refused: string[];
  readonly better: string[];
}

/** The smallest changes that would make targets take more of the model, with those that ask for them. */
export function TargetChanges({ targets }: { readonly targets: readonly TargetPlacement[] }) {
  const changes = new Map<string, Asked>();
  for (const target of targets) {
    for (const { fix, ops, rejects } of changesOf(target)) {
      const asked = changes.get(fix.text) ?? { refused: [], better: [] };
      (rejects ? asked.refused : asked.better).push(ops === 0 ? target.label : `${target.label} (${count(ops)})`);
      changes.set(fix.text, asked);
    }
  }
  if (changes.size === 0) return null;
  return (
    <>
      <h3 style={{ marginTop: '14px' }}>
        What would make it fit <span class="note">in brackets: operators that it is asked for by</span>
      </h3>
      <table class="data">
        <thead>
          <tr>
            <th>change</th>
            <th>refused without it</th>
            <th>takes more with it</th>
          </tr>
        </thead>
        <tbody>
          {[...changes].map(([text, { refused, better }]) => (
            <tr>
              <td class="name">{text}</td>
              <td class="name">{refused.join(', ')}</td>
              <td class="name">{better.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
