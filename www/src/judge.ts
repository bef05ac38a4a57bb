/** By which host's documents the check judges, where those of several are loaded. */
import { byId, h } from "./dom";
import type { Session } from "./session";

export class Judge {
  readonly #select = byId<HTMLSelectElement>("judge-host");
  #drawn = "";

  constructor(
    private readonly session: Session,
    changed: () => void,
  ) {
    this.#select.addEventListener("change", () => {
      session.host = this.#select.value;
      changed();
    });
  }

  show(): void {
    const { hosts, judge } = this.session;
    byId("judge").hidden = hosts.length < 2;
    const signature = JSON.stringify([hosts, judge]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    this.#select.replaceChildren(...hosts.map((host) => h("option", { value: host }, host)));
    this.#select.value = judge ?? "";
  }
}
