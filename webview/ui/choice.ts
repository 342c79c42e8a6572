/** One entry of a dropdown, a segmented choice or a radio group. */
export interface Choice<V extends string = string> {
  readonly value: V;
  readonly label: string;
  /** What a closed dropdown shows, where the label is too long for it. */
  readonly short?: string;
  /** More about it, for a tooltip. */
  readonly tip?: string;
}
