import { StateMark } from "@/components/ui/state-mark";
import { type Level, levelWords } from "./levels";

/** What an operation asks of its callers, in one word and colour. What anyone may change stands on a plate of its own. */
export function AccessMark({ level }: { level: Level }) {
  const { meaning, word } = levelWords[level];
  return (
    <StateMark meaning={meaning} look={level === "anonymous-write" ? "soft" : "plain"}>
      {word}
    </StateMark>
  );
}
