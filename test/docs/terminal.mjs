// A program that runs as long as a page, psql or a shell, and is fed what a reader pastes.
import { spawn } from "node:child_process";

const LIMIT = 600_000; // ms that a block may take, such as one that compiles on a busy machine

export class Terminal {
  #child;
  #output = "";
  #heard = () => {};

  /** What it prints to both channels comes by one pipe, in its order. */
  constructor(program, args, options) {
    this.#child = spawn("sh", ["-c", 'exec "$0" "$@" 2>&1', program, ...args], { ...options, detached: true, stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout.setEncoding("utf8").on("data", (data) => {
      this.#output += data;
      this.#heard();
    });
    this.#child.on("exit", () => this.#heard());
    this.#child.stdin.on("error", () => {}); // of a program that has ended
  }

  /** Feeds it `input`, which ends by printing `mark` and the end of a line; returns what it prints before that. */
  async paste(input, mark) {
    this.#output = "";
    this.#child.stdin.write(input);
    const deadline = Date.now() + LIMIT;
    while (!this.#output.includes(`${mark}\n`)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`it ended:\n${this.#output}`);
      if (Date.now() > deadline) throw new Error(`it goes on for too long:\n${this.#output}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#heard = () => (clearTimeout(timer), resolve());
      });
    }
    return this.#output.slice(0, this.#output.indexOf(`${mark}\n`));
  }

  /** Ends it, and all that it has started. */
  async close() {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {} // it has ended
    if (this.#child.exitCode === null && this.#child.signalCode === null) await ended;
  }
}
