export function bundleDocumentWorker(): Promise<void>;
