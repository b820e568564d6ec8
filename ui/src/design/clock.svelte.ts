/** The time of day, told once a second to whatever shows it. */
class Clock {
  now_ms = $state(Date.now());

  constructor() {
    setInterval(() => {
      this.now_ms = Date.now();
    }, 1000);
  }
}

export const clock = new Clock();
