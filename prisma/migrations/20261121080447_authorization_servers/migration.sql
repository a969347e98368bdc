-- AlterTable
ALTER TABLE "Application" ADD COLUMN     "authentication" TEXT NOT NULL DEFAULT 'client_secret',
ADD COLUMN     "dpopBound" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "jwks" JSONB,
ADD COLUMN     "jwksUri" TEXT;

-- AlterTable
ALTER TABLE "ApplicationSecret" ADD COLUMN     "expiresAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "AuthorizationServer" ADD COLUMN     "oktaClaims" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "rotationDays" INTEGER,
ADD COLUMN     "tokenFormat" TEXT NOT NULL DEFAULT 'jwt';

-- AlterTable
ALTER TABLE "Scope" ADD COLUMN     "isDefault" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "published" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "SigningKey" ADD COLUMN     "activatedAt" TIMESTAMP(3),
ADD COLUMN     "expiresAt" TIMESTAMP(3),
ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'active';

-- CreateTable
CREATE TABLE "ApiDocument" (
    "apiId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedBy" TEXT NOT NULL,

    CONSTRAINT "ApiDocument_pkey" PRIMARY KEY ("apiId")
);

-- CreateTable
CREATE TABLE "Claim" (
    "id" TEXT NOT NULL,
    "serverId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Claim_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AccessPolicy" (
    "id" TEXT NOT NULL,
    "serverId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "priority" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "applications" TEXT[],
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AccessPolicy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AccessRule" (
    "id" TEXT NOT NULL,
    "policyId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "grantTypes" TEXT[],
    "scopes" TEXT[],
    "lifetimeMinutes" INTEGER NOT NULL DEFAULT 60,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AccessRule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "EndedClient" (
    "clientId" TEXT NOT NULL,
    "serverId" TEXT NOT NULL,
    "endedAt" TIMESTAMP(3) NOT NULL,
    "isOff" BOOLEAN NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "EndedClient_pkey" PRIMARY KEY ("clientId")
);

-- CreateTable
CREATE TABLE "RevokedToken" (
    "serverId" TEXT NOT NULL,
    "tokenId" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "RevokedToken_pkey" PRIMARY KEY ("serverId","tokenId")
);

-- CreateIndex
CREATE UNIQUE INDEX "Claim_serverId_name_key" ON "Claim"("serverId", "name");

-- CreateIndex
CREATE INDEX "AccessPolicy_serverId_priority_idx" ON "AccessPolicy"("serverId", "priority");

-- CreateIndex
CREATE INDEX "AccessRule_policyId_priority_idx" ON "AccessRule"("policyId", "priority");

-- CreateIndex
CREATE INDEX "EndedClient_expiresAt_idx" ON "EndedClient"("expiresAt");

-- CreateIndex
CREATE INDEX "RevokedToken_expiresAt_idx" ON "RevokedToken"("expiresAt");

-- AddForeignKey
ALTER TABLE "ApiDocument" ADD CONSTRAINT "ApiDocument_apiId_fkey" FOREIGN KEY ("apiId") REFERENCES "Api"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Claim" ADD CONSTRAINT "Claim_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "AuthorizationServer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccessPolicy" ADD CONSTRAINT "AccessPolicy_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "AuthorizationServer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccessRule" ADD CONSTRAINT "AccessRule_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "AccessPolicy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What there was goes on as it did: every application of a server may have any of its scopes for an hour.
INSERT INTO "AccessPolicy" ("id", "serverId", "name", "priority", "applications")
SELECT 'policy_' || substr(md5(random()::text || "id"), 1, 24), "id", 'All applications', 1, '{}' FROM "AuthorizationServer";
INSERT INTO "AccessRule" ("id", "policyId", "name", "priority", "grantTypes", "scopes")
SELECT 'rule_' || substr(md5(random()::text || "id"), 1, 24), "id", 'Any scope', 1, '{}', '{}' FROM "AccessPolicy";
UPDATE "SigningKey" SET "activatedAt" = "createdAt";

-- Tokens of applications that are switched off are good no longer, also where nobody asks the database.
INSERT INTO "EndedClient" ("clientId", "serverId", "endedAt", "isOff", "expiresAt")
SELECT "clientId", "serverId", CURRENT_TIMESTAMP, true, CURRENT_TIMESTAMP + interval '25 hours' FROM "Application" WHERE NOT "enabled";
