import { useState } from "react";
import { usePutDocument } from "@/components/data/access";
import { count } from "@/components/ui/count";
import { notify } from "@/components/ui/notify";

/** Maximum size that the management API accepts, in bytes. */
const DOCUMENT_BYTES_MAX = 1024 * 1024;

const tooLarge = (bytes: number, name: string) =>
  `${name} has ${(bytes / 1024 / 1024).toFixed(1)} MB. Maximum: 1 MB. Remove examples or split the document.`;

/** Holds the text of a document until it's attached; errors don't clear it. */
export function useDocumentDraft(apiId: string) {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState("");
  const [fileName, setFileName] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | undefined>();
  const put = usePutDocument(apiId);

  function change(next: string) {
    setText(next);
    setProblem(undefined);
    put.reset();
  }

  async function attach(given = text) {
    if (put.isRunning()) return;
    if (given.trim() === "") return setProblem("Paste a document or choose a file.");
    const bytes = new Blob([given]).size;
    if (bytes > DOCUMENT_BYTES_MAX) return setProblem(tooLarge(bytes, "The document"));
    try {
      const { title, operations } = await put.mutateAsync(given);
      notify.done(`${title || "Document"} attached`, { description: `${count(operations.length, "operation")}.` });
    } catch {
      // The dialog stays open with the text and shows the error.
      return;
    }
    setIsOpen(false);
    setText("");
    setFileName(null);
  }

  return {
    isOpen,
    text,
    fileName,
    problem,
    error: put.error,
    isPending: put.isPending,
    change,
    attach,
    open: () => setIsOpen(true),
    setIsOpen,
    /** Reads a chosen or dropped file and attaches it immediately; the dialog shows errors. */
    async takeFile(file: File) {
      setIsOpen(true);
      setFileName(file.name);
      if (file.size > DOCUMENT_BYTES_MAX) {
        change(text);
        return setProblem(tooLarge(file.size, file.name));
      }
      const read = await file.text();
      change(read);
      await attach(read);
    },
  };
}

export type DocumentDraft = ReturnType<typeof useDocumentDraft>;
