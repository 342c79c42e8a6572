import type { ComponentChildren } from 'preact';
import { GLOSSARY, type Term as Name } from '../glossary';

/** A word that is explained when the pointer is on it or the keyboard's focus. */
export function Term({ of, children }: { readonly of: Name; readonly children: ComponentChildren }) {
  return (
    <span class="term" tabIndex={0} data-tip={GLOSSARY[of]} data-term={of}>
      {children}
    </span>
  );
}
