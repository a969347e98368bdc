/** A reason not to start that the person at the terminal can do something about: its message is printed as it is, without a stack. */
export class StartFailure extends Error {
  override name = "StartFailure";
}
