/** The page's entry. */
import { startPage } from './page.tsx';

startPage();
