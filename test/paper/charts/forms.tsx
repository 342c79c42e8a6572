import { Label, round } from '../../../webview/charts/Label';
import { textWidth } from '../../../webview/charts/textWidth';

export const FORMS = ['float', 'hybrid', 'integer'] as const;
export type FormName = (typeof FORMS)[number];

export const FORM_COLORS: Readonly<Record<FormName, string>> = {
  float: 'var(--gs-float)',
  hybrid: 'var(--gs-hybrid)',
  integer: 'var(--gs-int)',
};

/** Shapes that can be told apart where they cover each other: a ring, a tick and a dot. */
export function FormMark({ form, x, y }: { readonly form: FormName; readonly x: number; readonly y: number }) {
  const color = FORM_COLORS[form];
  switch (form) {
    case 'float':
      return <circle cx={round(x)} cy={round(y)} r={4.2} fill="none" stroke={color} stroke-width={1.4} />;
    case 'hybrid':
      return <path d={`M${round(x)},${round(y - 5.5)}v11`} stroke={color} stroke-width={1.6} />;
    case 'integer':
      return <circle cx={round(x)} cy={round(y)} r={2.4} fill={color} />;
  }
}

interface LegendProps {
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly forms?: readonly FormName[];
}

export function FormLegend({ x, y, forms = FORMS }: LegendProps) {
  let left = x;
  return (
    <>
      {forms.map((form) => {
        const at = left;
        left += textWidth(form, 11) + 34;
        return (
          <>
            <FormMark form={form} x={at + 5} y={y - 4} />
            <Label x={at + 14} y={y}>
              {form}
            </Label>
          </>
        );
      })}
    </>
  );
}
