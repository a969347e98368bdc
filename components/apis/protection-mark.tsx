import { StateMark, type StateMarkProps } from "@/components/ui/state-mark";
import type { Protection } from "@/lib/management/contract/apis";
import { protectionWords } from "./protection-words";

/** How well an API or a flow is protected, in the one word and colour that every list, map and header uses for it. */
export function ProtectionMark({ protection, look }: { protection: Protection; look?: StateMarkProps["look"] }) {
  const { meaning, word } = protectionWords[protection];
  return (
    <StateMark meaning={meaning} {...(look ? { look } : {})}>
      {word}
    </StateMark>
  );
}
