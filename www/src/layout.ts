/** Wide: the editor first. Narrow: the list first, in the order of the keyboard too. */
import { byId } from "./dom";

export function startLayout(): void {
  const narrow = matchMedia("(max-width: 900px)");
  const arrange = () => {
    if (narrow.matches) byId("main").prepend(byId("side"));
    else byId("main").append(byId("side"));
  };
  narrow.addEventListener("change", arrange);
  arrange();
}
