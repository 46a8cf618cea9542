/** Everything on the page but the scene. */
import { Asks } from './asks.tsx';
import { Chat } from './chat.tsx';
import { Gone } from './gone.tsx';
import { Help } from './help.tsx';
import { Death, GoalBar, LinkState, ShipBar, TargetPanel, Toasts, TopBar } from './hud.tsx';
import { GalaxyMap } from './map.tsx';
import { Market } from './market.tsx';
import { Overview } from './overview.tsx';
import { Riders, RidingBar } from './riders.tsx';
import { SettingsPanel } from './settings.tsx';
import { Shipyard } from './shipyard.tsx';
import { SoulPanel } from './soul.tsx';
import { Title } from './title.tsx';
import { Wallet } from './wallet.tsx';
import { gone } from '../state/gone.ts';
import { riding } from '../state/head.ts';
import { openPanels, signedIn } from '../state/store.ts';

export function App() {
  const covered = openPanels.value.has('soul') || openPanels.value.has('map'); // nobody tabs to what cannot be seen
  return (
    <>
      <Title />
      <TopBar />
      {signedIn.value && !gone.value ? (
        <>
          <div class="column left" inert={covered}><Overview /><Riders /><Chat /></div>
          <div class="column right" inert={covered}><Market /><Wallet /><Shipyard /><SettingsPanel /><Help /><TargetPanel /></div>
          <GalaxyMap />
          <RidingBar />
          {riding.value ? null : <GoalBar />}
          <ShipBar />
        </>
      ) : null}
      <Gone />
      <SoulPanel />
      <Asks />
      <LinkState />
      <Toasts />
      <Death />
    </>
  );
}
