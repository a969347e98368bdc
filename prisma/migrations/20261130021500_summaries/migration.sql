-- AlterTable
ALTER TABLE "Api" ADD COLUMN     "summary" JSONB;

-- AlterTable
ALTER TABLE "Deployment" ADD COLUMN     "summary" JSONB;

-- A definition that is written without its summary, by hand or by an earlier version, has none until it is computed again.
CREATE FUNCTION "forgetSummary"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW."summary" IS NOT DISTINCT FROM OLD."summary" THEN
        NEW."summary" := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "Api_forgetSummary" BEFORE UPDATE OF "draft", "draftSecrets" ON "Api"
FOR EACH ROW EXECUTE FUNCTION "forgetSummary"();

CREATE TRIGGER "Deployment_forgetSummary" BEFORE UPDATE OF "definition" ON "Deployment"
FOR EACH ROW EXECUTE FUNCTION "forgetSummary"();
