import { startBeside } from "./beside";
import { Console } from "./console";
import { byId } from "./dom";
import { openHelp } from "./help";
import { startLayout } from "./layout";
import { keepOffline } from "./offline";
import { showOffline } from "./status";
import { startTheme } from "./theme";

const page = new Console();
const help = () => openHelp(() => void page.showRules());

startLayout();
startTheme();
startBeside();
byId("help").addEventListener("click", help);
document.addEventListener("keydown", (event) => {
  const typing = event.composedPath().some((target) => target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select")));
  if (event.key !== "F1" && (event.key !== "?" || typing)) return;
  event.preventDefault();
  help();
});
void keepOffline(showOffline);
void page.start();
