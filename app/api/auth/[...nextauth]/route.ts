import { handleAuth } from "@/lib/platform/session";

export { handleAuth as GET, handleAuth as POST };
