"""The same backend for gunicorn (WSGI) and for uvicorn (ASGI)."""
from judge import judge


def wsgi(environ, start_response):
    body = judge(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        lambda name: environ.get("HTTP_" + name),
        [str(environ.get(name, "")) for name in ("REMOTE_ADDR", "REMOTE_USER", "AUTH_TYPE", "wsgi.url_scheme", "SERVER_NAME")],
    ).encode("utf-8", "replace")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        return
    # As a2wsgi and Django do it.
    environ = {}
    for name, value in scope["headers"]:
        key = name.decode("latin1").upper().replace("-", "_")
        environ[key] = environ[key] + "," + value.decode("latin1") if key in environ else value.decode("latin1")
    body = judge(scope["method"], scope["path"], environ.get, [str(scope["client"][0]), scope["scheme"]]).encode("utf-8", "replace")
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
