/** Elapsed times and countdowns move once a second, and only while something runs. */
export class Seconds {
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly passed: () => void) {}

  run(running: boolean): void {
    if (running === (this.#timer !== null)) return;
    clearInterval(this.#timer ?? undefined);
    this.#timer = running ? setInterval(this.passed, 1000) : null;
  }
}
