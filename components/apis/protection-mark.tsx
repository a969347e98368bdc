import { StateMark, type StateMarkProps } from "@/components/ui/state-mark";
import type { Protection } from "@/lib/management/contract/apis";
import { protectionWords } from "./protection-words";

/** Shows the protection of an API or a flow in the same word and color everywhere. */
export function ProtectionMark({ protection, look }: { protection: Protection; look?: StateMarkProps["look"] }) {
  const { meaning, word } = protectionWords[protection];
  return (
    <StateMark meaning={meaning} {...(look ? { look } : {})}>
      {word}
    </StateMark>
  );
}
