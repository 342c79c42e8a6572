import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './Button';

/** A button that opens a small box below it. Esc or a click elsewhere closes it. */
export function Popover(props: {
  /** Default: the icon alone. */
  readonly button?: ComponentChildren;
  readonly icon: string;
  readonly label: string;
  readonly disabled?: boolean;
  /** Only the icon, without a box. */
  readonly quiet?: boolean;
  readonly tip?: string;
  readonly class?: string;
  readonly testId?: string;
  readonly role: 'menu' | 'dialog';
  readonly children: (close: () => void) => ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector<HTMLElement>('vscode-button')?.focus();
  };
  useEffect(() => {
    if (!open) return undefined;
    box.current?.querySelector<HTMLElement>('button, vscode-checkbox, vscode-radio')?.focus();
    const away = (event: Event) => {
      if (!event.composedPath().includes(anchor.current as EventTarget)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => {
      document.removeEventListener('pointerdown', away);
    };
  }, [open]);
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    if (!open) return;
    if (event.key === 'Escape') close();
    else if (props.role === 'menu') moveInMenu(event);
    else return;
    event.stopPropagation();
  };
  return (
    <div class={`popover ${props.class ?? ''}`} ref={anchor} onKeyDown={onKeyDown}>
      <Button
        icon={props.icon}
        label={props.label}
        disabled={props.disabled ?? false}
        expanded={open}
        quiet={props.quiet ?? false}
        {...(props.tip === undefined ? {} : { tip: props.tip })}
        {...(props.testId === undefined ? {} : { testId: props.testId })}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {props.button}
      </Button>
      {open ? (
        <div class="popover-box" role={props.role} aria-label={props.label} ref={box}>
          {props.children(close)}
        </div>
      ) : null}
    </div>
  );
}

function moveInMenu(event: JSX.TargetedKeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}

export function MenuItem(props: {
  readonly children: ComponentChildren;
  readonly detail: string;
  readonly testId: string;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" role="menuitem" class="menu-item" data-testid={props.testId} onClick={props.onClick}>
      <span>{props.children}</span>
      <span class="dim">{props.detail}</span>
    </button>
  );
}
