import { provideVSCodeDesignSystem, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import { useEffect, useRef } from 'preact/hooks';

provideVSCodeDesignSystem().register(vsCodeCheckbox());

export function Checkbox(props: {
  readonly children: string;
  readonly checked: boolean;
  readonly testId?: string;
  readonly onChange: (checked: boolean) => void;
}) {
  const element = useRef<HTMLElement & { checked: boolean }>(null);
  useEffect(() => {
    if (element.current && element.current.checked !== props.checked) element.current.checked = props.checked;
  }, [props.checked]);
  return (
    <vscode-checkbox
      ref={element}
      checked={props.checked}
      data-testid={props.testId}
      onChange={() => {
        const checked = element.current?.checked;
        // The element also reports changes that came from here.
        if (checked !== undefined && checked !== props.checked) props.onChange(checked);
      }}
    >
      {props.children}
    </vscode-checkbox>
  );
}
