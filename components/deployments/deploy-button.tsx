"use client";

import { useState } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";
import { DeployDialog } from "./deploy-dialog";

interface DeployButtonProps {
  apiId: string;
  variant?: ButtonProps["variant"];
}

/** Opens the review of a deployment's changes. */
export function DeployButton({ apiId, variant = "secondary" }: DeployButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant={variant} onPress={() => setIsOpen(true)}>
        Review and deploy
      </Button>
      <DeployDialog apiId={apiId} isOpen={isOpen} onOpenChange={setIsOpen} />
    </>
  );
}
