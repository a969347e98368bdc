-- AlterTable
ALTER TABLE "AuthorizationServer" ADD COLUMN     "issuer" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "Gateway" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL,
    "seenAt" TIMESTAMP(3) NOT NULL,
    "deployments" JSONB NOT NULL,
    "state" JSONB NOT NULL,

    CONSTRAINT "Gateway_pkey" PRIMARY KEY ("id")
);
