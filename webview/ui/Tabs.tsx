import { provideVSCodeDesignSystem, vsCodePanels, vsCodePanelTab, vsCodePanelView } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

provideVSCodeDesignSystem().register(vsCodePanels(), vsCodePanelTab(), vsCodePanelView());

export interface TabItem<T extends string> {
  readonly id: T;
  readonly label: string;
  /** Small and dim after the label. */
  readonly count?: string;
}

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly TabItem<T>[];
  readonly active: T;
  readonly onChange: (tab: T) => void;
  /** Right of the tabs. */
  readonly end: ComponentChildren;
  /** What the active tab shows; the other tabs' panels stay empty. */
  readonly children: ComponentChildren;
}

export function Tabs<T extends string>({ label, tabs, active, onChange, end, children }: TabsProps<T>) {
  const element = useRef<HTMLElement>(null);
  // The element names a tab once, from its text, when it is connected; counts come later.
  useEffect(() => {
    for (const tab of tabs) {
      const name = tab.count === undefined ? tab.label : `${tab.label}, ${tab.count}`;
      element.current?.querySelector(`vscode-panel-tab#${tab.id}`)?.setAttribute('aria-label', name);
    }
  }, [tabs]);
  return (
    <vscode-panels
      ref={element}
      class="shell"
      aria-label={label}
      activeid={active}
      onChange={(event: Event) => {
        // Changes of controls inside the panels bubble through here.
        if (event.target !== event.currentTarget) return;
        // The property changes at once, its attribute later.
        const { activeid } = event.currentTarget as HTMLElement & { activeid?: string };
        const chosen = tabs.find((tab) => tab.id === activeid);
        if (chosen && chosen.id !== active) onChange(chosen.id);
      }}
    >
      {tabs.map((tab) => (
        <vscode-panel-tab key={tab.id} id={tab.id} data-testid={`tab-${tab.id}`}>
          {tab.label}
          {tab.count === undefined ? null : (
            <>
              {' '}
              <em>{tab.count}</em>
            </>
          )}
        </vscode-panel-tab>
      ))}
      <section slot="end" class="toolbar" aria-label="Run and export">
        {end}
      </section>
      {tabs.map((tab) => (
        <vscode-panel-view key={tab.id} id={`view-${tab.id}`}>
          {tab.id === active ? children : null}
        </vscode-panel-view>
      ))}
    </vscode-panels>
  );
}
