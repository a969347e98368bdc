/** A startup error that the user can fix. Its message is printed without a stack. */
export class StartFailure extends Error {
  override name = "StartFailure";
}
