import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Turn, Turnstile } from "./turnstile";

const turn = (client: string, ran: string[], name = client): Turn => ({
  client,
  heldUp: false,
  run: () => void ran.push(name),
  displace: () => false,
});

describe("a turnstile", () => {
  it("lets in as many as there are connections, and then each client in turn, the oldest call first", () => {
    const ran: string[] = [];
    const turnstile = new Turnstile(2);
    const running = [turn("a", ran), turn("a", ran)];
    for (const one of running) expect(turnstile.enter(one)).toBe(true);
    for (const name of ["a1", "a2", "a3", "b1", "b2", "c1"]) expect(turnstile.enter(turn(name.charAt(0), ran, name))).toBe(false);
    const gone = turn("d", ran, "d1");
    turnstile.enter(gone);
    turnstile.leave(gone);
    expect(ran).toEqual([]);
    for (const one of running) turnstile.leave(one);
    expect(ran).toEqual(["a1", "b1"]);
  });

  it("neither loses a call nor lets in too many, whatever comes and goes", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("enter", "leave", "give up"), fc.nat(3), fc.nat(100)), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), steps, (max, list) => {
        const turnstile = new Turnstile(max);
        const running = new Set<Turn>();
        const waiting = new Set<Turn>();
        for (const [step, client, choice] of list) {
          if (step === "enter") {
            const one: Turn = {
              client: `client ${client}`,
              heldUp: false,
              run() {
                expect(waiting.delete(one)).toBe(true);
                running.add(one);
              },
              displace: () => false,
            };
            if (turnstile.enter(one)) running.add(one);
            else waiting.add(one);
          } else {
            const from = [...(step === "leave" ? running : waiting)];
            const one = from[choice % Math.max(1, from.length)];
            if (!one) continue;
            running.delete(one);
            waiting.delete(one);
            turnstile.leave(one);
          }
          expect(running.size).toBeLessThanOrEqual(max);
          if (waiting.size > 0) expect(running.size).toBe(max);
        }
      }),
    );
  });

  it("gives calls that end as soon as they run no depth", () => {
    const turnstile = new Turnstile(1);
    const first = turn("a", []);
    turnstile.enter(first);
    let ended = 0;
    for (let count = 0; count < 20_000; count += 1) {
      const one: Turn = {
        client: "a",
        heldUp: false,
        run() {
          ended += 1;
          turnstile.leave(one);
        },
        displace: () => false,
      };
      turnstile.enter(one);
    }
    turnstile.leave(first);
    expect(ended).toBe(20_000);
  });
});
