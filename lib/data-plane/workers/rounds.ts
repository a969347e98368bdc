interface Round<Member, Answer> {
  left: Set<Member>;
  answers: Answer[];
  end(): void;
}

/** Questions that are put to several at once, of whom any may be gone before it answers. */
export class Rounds<Member, Answer> {
  private readonly open = new Map<number, Round<Member, Answer>>();
  private lastId = 0;

  /**
   * Asks all of them, and resolves with what they answered once each has answered or is gone, at the latest when time is up.
   * @param onLate told of each that let time run out
   */
  async ask(
    members: readonly Member[],
    put: (member: Member, id: number) => void,
    timeoutMs: number,
    onLate: (member: Member) => void = () => undefined,
  ): Promise<Answer[]> {
    this.lastId += 1;
    const id = this.lastId;
    const left = new Set(members);
    const answers: Answer[] = [];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (const member of left) onLate(member);
        resolve();
      }, timeoutMs);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      this.open.set(id, { left, answers, end });
      for (const member of members) put(member, id);
      if (members.length === 0) end();
    });
    this.open.delete(id);
    return answers;
  }

  /** Takes an answer. @returns whether it was asked for and in time */
  answer(id: number, member: Member, answer: Answer): boolean {
    const round = this.open.get(id);
    if (!round?.left.delete(member)) return false;
    round.answers.push(answer);
    if (round.left.size === 0) round.end();
    return true;
  }

  /** Nothing is to be expected of it any more. */
  gone(member: Member): void {
    for (const { left, end } of this.open.values()) if (left.delete(member) && left.size === 0) end();
  }
}
