/** A client of the management API, as small as the benchmarks need it. */
export function managementClient(url, token) {
  async function call(method, path, body, headers = {}) {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return { body: response.status === 204 ? undefined : await response.json(), etag: response.headers.get("etag") };
  }
  return {
    call,
    /** Replaces some keys of an API's draft. */
    async change(id, changes) {
      const { body, etag } = await call("GET", `/apis/${id}/definition`);
      await call("PUT", `/apis/${id}/definition`, { ...body, ...changes }, { "If-Match": etag });
    },
    /** Creates an API and deploys it. @returns its id */
    async deploy(definition) {
      const { body: api } = await call("POST", "/apis", { version: "1.0.0", ...definition });
      await call("POST", `/apis/${api.id}/deployments`, {});
      return api.id;
    },
  };
}
