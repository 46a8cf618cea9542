import type { SoulPage } from '../soul/page.ts';
export function SoulActs(_props: { page: SoulPage }) { return null; }
