export * from "./access-policies";
export * from "./activity";
export * from "./applications";
export * from "./authorization-servers";
export * from "./claims";
export * from "./scopes";
export * from "./tokens";
