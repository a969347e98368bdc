"use client";

import { RotateCw } from "lucide-react";
import { Button } from "./button";
import { MeaningShape } from "./state-mark";

export interface ErrorStateProps {
  /** What failed, for example "Couldn't load the APIs.". */
  title: string;
  /** Cause and fix. */
  message: string;
  /** The request ID to find in the log. */
  requestId?: string | undefined;
  onRetry?: () => void;
  isRetrying?: boolean;
}

/** Replaces content that failed to load. */
export function ErrorState({ title, message, requestId, onRetry, isRetrying = false }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-start gap-4 border-line border-y py-8">
      <div className="flex gap-3">
        <MeaningShape meaning="failing" className="mt-1.5" />
        <div>
          <p className="font-medium text-base">{title}</p>
          <p className="max-w-measure text-muted">{message}</p>
          {requestId && (
            <p className="mt-1 text-muted text-xs">
              Request <code>{requestId}</code>
            </p>
          )}
        </div>
      </div>
      {onRetry && (
        <Button icon={<RotateCw aria-hidden className="size-4" />} onPress={onRetry} isPending={isRetrying}>
          Try again
        </Button>
      )}
    </div>
  );
}
