import { useState } from 'preact/hooks';
import { INTEGER_RAILS } from '../../../../worker/core/model/dtype';
import { DETAIL_LIMITS, type ChannelFigures, type TensorDetail } from '../../../../worker/core/report/detail';
import type { TensorInfo } from '../../../../worker/core/report/overview';
import { ChannelHistogram } from '../../../charts/ChannelHistogram';
import { ChannelRanges } from '../../../charts/ChannelRanges';
import { count, percent, real, scale, signedReal } from '../../../charts/format';
import { channelsTable, countsTable } from '../../../figures/tensorTables';
import type { LayersState } from '../../../layersState';
import { Button } from '../../../ui/Button';
import { Dropdown } from '../../../ui/Dropdown';
import { Sized } from '../../../ui/Sized';
import { useCharted } from '../../charted';
import { useInspector } from '../../InspectorContext';
import { shapeText, shortName } from '../../text';
import { useDetail } from '../../useDetail';

interface Props {
  readonly weights: readonly TensorInfo[];
  readonly layers: LayersState;
}

const BINS = 64;

/** Ranges of every channel of a constant, and the values of one. */
export function WeightsPart({ weights, layers }: Props) {
  const inspector = useInspector();
  const tensor = weights.find(({ index }) => index === layers.tensor) ?? weights[0];
  const [first, setFirst] = useState(0);
  const { detail, waiting, problem } = useDetail(
    'tensorDetail',
    `weights ${tensor?.index}`,
    tensor === undefined
      ? null
      : {
          tensor: tensor.index,
          sample: null,
          channels: { range: { from: first, to: first + DETAIL_LIMITS.channels }, mostBins: BINS },
        },
  );
  if (!tensor) return null;
  return (
    <>
      <div class="line wrap">
        <Dropdown
          label="Constant"
          testId="weights-tensor"
          choices={weights.map((one) => ({ value: String(one.index), label: labelOf(one), short: labelOf(one) }))}
          value={String(tensor.index)}
          onChange={(value) => {
            setFirst(0);
            inspector.layers({ tensor: Number(value), channel: null });
          }}
        />
        {detail?.channels ? <Pages detail={detail} first={first} onFirst={setFirst} /> : null}
      </div>
      {problem !== null ? <p class="dim">{problem}</p> : null}
      {detail?.channels ? (
        <Channels detail={detail} chosen={layers.channel} isStale={waiting} />
      ) : waiting ? (
        <p class="dim">Reading the values…</p>
      ) : null}
    </>
  );
}

const labelOf = ({ name, dtype, shape, index }: TensorInfo): string =>
  `${shortName(name, 150) || `tensor ${index}`} ${dtype} ${shapeText(shape)}`;

function Pages({
  detail,
  first,
  onFirst,
}: {
  readonly detail: TensorDetail;
  readonly first: number;
  readonly onFirst: (first: number) => void;
}) {
  const all = detail.channels?.count ?? 0;
  const most = DETAIL_LIMITS.channels;
  if (all <= most)
    return (
      <span class="caption">
        {all === 1 ? 'one scale for the whole tensor' : `${count(all)} channels, axis ${detail.channels?.axis ?? 0}`}
      </span>
    );
  return (
    <>
      <Button
        quiet
        icon="chevron-left"
        label="Channels before"
        disabled={first === 0}
        onClick={() => onFirst(Math.max(0, first - most))}
      />
      <span class="caption">
        {count(first)} – {count(Math.min(all, first + most) - 1)} of {count(all)} channels
      </span>
      <Button
        quiet
        icon="chevron-right"
        label="Channels after"
        disabled={first + most >= all}
        onClick={() => onFirst(first + most)}
      />
    </>
  );
}

function Channels({
  detail,
  chosen,
  isStale,
}: {
  readonly detail: TensorDetail;
  readonly chosen: number | null;
  readonly isStale: boolean;
}) {
  const inspector = useInspector();
  const figures = detail.channels?.channels ?? [];
  const first = detail.channels?.first ?? 0;
  const at = chosen !== null && chosen >= first && chosen < first + figures.length ? chosen - first : worstOf(figures);
  const one = figures[at];
  const total = figures.reduce((sum, { values }) => sum + values, 0);
  const railed = figures.reduce((sum, { atRails }) => sum + atRails, 0);
  const ranges = figures.map((channel) => ({ min: channel.min, max: channel.max, rails: railsOf(channel, detail) }));
  const isWhole = figures.length === 1 && detail.channels?.count === 1;
  useCharted(() => [
    ...(isWhole ? [] : [channelsTable(figures, 'Ranges of channels')]),
    ...(one ? [countsTable(one.edges, one.counts, `Values of channel ${count(one.channel)}`)] : []),
  ]);
  const summary = `${isWhole ? 'one range' : `${count(figures.length)} channels`}, ${railed === 0 ? 'no value' : `${count(railed)} of ${count(total)} values`} at the ends of the type`;
  return (
    <div class={isStale ? 'stale' : ''} data-testid="channels">
      {isWhole ? null : (
        <Sized class="channel-ranges">
          {({ width }) => (
            <ChannelRanges
              width={width}
              height={140}
              title="Range of each channel"
              summary={summary}
              channels={ranges}
              first={first}
              selected={one ? at : null}
              onSelect={(place) => {
                inspector.layers({ channel: first + place });
              }}
            />
          )}
        </Sized>
      )}
      <p class="caption">{summary}.</p>
      {one ? (
        <>
          <h3>{isWhole ? 'Values' : `Channel ${count(one.channel)}`}</h3>
          <Sized class="channel-histogram">
            {({ width }) => (
              <ChannelHistogram
                width={width}
                height={110}
                title={isWhole ? 'Values' : `Values of channel ${one.channel}`}
                summary={channelText(one)}
                edges={one.edges}
                counts={one.counts}
                rails={railsOf(one, detail)}
              />
            )}
          </Sized>
          <p class="caption" data-testid="channel-text" aria-live="polite">
            {channelText(one)}
          </p>
        </>
      ) : null}
    </div>
  );
}

/** The channel that uses least of what its scale could hold; of reals the widest. */
function worstOf(figures: readonly ChannelFigures[]): number {
  const spread = ({ min, max, scale: step }: ChannelFigures): number => (step === null ? -(max - min) : (max - min) / step);
  let best = 0;
  figures.forEach((one, at) => {
    if (one.values > 0 && spread(one) < spread(figures[best] ?? one)) best = at;
  });
  return best;
}

/** Weights are symmetric: their type ends at ±127. */
function railsOf(
  { scale: step, zeroPoint }: ChannelFigures,
  { dtype, constant }: TensorDetail,
): readonly [number, number] | null {
  const codes = INTEGER_RAILS[dtype];
  if (!codes || step === null || dtype === 'int32') return null;
  const low = constant && dtype === 'int8' && zeroPoint === 0 ? -127 : codes[0];
  return [step * (low - (zeroPoint ?? 0)), step * (codes[1] - (zeroPoint ?? 0))];
}

function channelText({ values, min, max, scale: step, zeroPoint, atRails }: ChannelFigures): string {
  const parts = [`${count(values)} values`, `${signedReal(min)} to ${signedReal(max)}`];
  if (step === null) return `${parts.join(', ')}.`;
  const codes = Math.round((max - min) / step) + 1;
  parts.push(
    `scale ${scale(step)}${zeroPoint ? `, zero point ${count(zeroPoint)}` : ''}`,
    `${Math.log2(codes).toFixed(1)} bits in use`,
  );
  parts.push(atRails === 0 ? 'none at the ends' : `${count(atRails)} at the ends (${percent(atRails / values)})`);
  return `${parts.join(', ')}. One code is ${real(step)}.`;
}
