-- CreateTable
CREATE TABLE "EndpointTokenDrop" (
    "apiId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,

    CONSTRAINT "EndpointTokenDrop_pkey" PRIMARY KEY ("apiId","environment")
);

-- AddForeignKey
ALTER TABLE "EndpointTokenDrop" ADD CONSTRAINT "EndpointTokenDrop_apiId_fkey" FOREIGN KEY ("apiId") REFERENCES "Api"("id") ON DELETE CASCADE ON UPDATE CASCADE;
