import type { JSX } from 'preact';
import type { Choice } from './choice';

/** One of a few side by side; a radio group for assistive technology: one tab stop, arrows choose. */
export function Segmented<V extends string>(props: {
  readonly label: string;
  readonly choices: readonly Choice<V>[];
  readonly value: V;
  readonly disabled?: boolean;
  readonly testId?: string;
  readonly onChange: (value: V) => void;
}) {
  const { choices, value } = props;
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const at = choices.findIndex((choice) => choice.value === value);
    const next = (at + step + choices.length) % choices.length;
    const choice = choices[next];
    if (!choice) return;
    props.onChange(choice.value);
    (event.currentTarget.children[next] as HTMLElement).focus();
  };
  return (
    <div class="segmented" role="radiogroup" aria-label={props.label} data-testid={props.testId} onKeyDown={onKeyDown}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          disabled={props.disabled ?? false}
          data-tip={choice.tip}
          data-testid={props.testId === undefined ? undefined : `${props.testId}-${choice.value}`}
          onClick={() => {
            props.onChange(choice.value);
          }}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
