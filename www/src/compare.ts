/** Asks for the comparison of all hosts while its panel is open: one question at a time, always about the newest text. */
import type { Fix, Hosts } from "virtlens";
import { type HostActions, HostsPanel } from "./hosts";
import type { Session } from "./session";
import { isOpen, panel } from "./tabs";

export class Comparison {
  readonly #panel: HostsPanel;
  #from: string | undefined;
  #asking = false;
  #again = false;
  #text = "";

  /** `preview` is told of the common CPU and of the text that it is for. */
  constructor(
    private readonly session: Session,
    private readonly text: () => string,
    why: HostActions["why"],
    preview: (fix: Fix, text: string) => void,
  ) {
    const from = (host: string) => {
      this.#from = host;
      void this.renew();
    };
    this.#panel = new HostsPanel(panel("hosts"), { why, from, common: (fix) => preview(fix, this.#text) });
  }

  /** After each change of the text or the documents. */
  async renew(): Promise<void> {
    const { hosts } = this.session;
    this.#panel.count(hosts.length);
    if (!isOpen("hosts")) return;
    if (hosts.length < 2) return this.#panel.showAlone(hosts);
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    do {
      this.#again = false;
      await this.#ask(this.text());
    } while (this.#again);
    this.#asking = false;
  }

  async #ask(text: string): Promise<void> {
    const from = this.#from ?? this.session.judge;
    try {
      const found: Hosts = await this.session.compare(text, this.session.hosts.length > MANY ? from : undefined);
      if (this.#again) return;
      this.#text = text;
      this.#panel.show(found, from);
    } catch (error) {
      this.#panel.showNone(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Of more hosts than these, the pairs of one alone are answered. */
const MANY = 32;
